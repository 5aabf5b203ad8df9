"""The vocabulary of the catalog: what a row can say of a call, and the settings that it says it with."""

from __future__ import annotations

MEANINGS: dict[str, dict[str, str]] = {
    "dataset-read": {
        "location": "selector of the path, URI, table, query or name; several are parts joined by `/`; "
        "`self`: what the receiver was made from",
        "scheme": "file (default), http, s3, gs, azure, sql, table, hub, feature-store, loader, registry, "
        "catalog (an entry of the project's data catalogue), dbt (a model, or a source and its table), "
        "intake (a source that a catalogue file describes)",
        "format": "csv, parquet, ...",
        "version": "selector of the version, revision or digest",
        "version_key": "key under which a mapping holds the version, where the argument is one",
        "made_with": "selector of the version at the calls that made the receiver",
        "repository": "selector of the git repository that the path is one of; absent: the code's own",
        "base": "what stands before a location that is no whole address",
        "pin": "pin state whatever the arguments (built-in loaders: content-pinned)",
        "unversioned": "pin state when no version is given; default mutable-implicit",
        "builder": "names that are a format or builder, not a dataset; then `files` holds the location",
        "files": "selector of data files",
        "holds": "what it usually holds when not training data: config, model, prompt, image, document",
        "mode": "selector of an open mode; one that writes makes the call a write",
        "filesystem": "selector of a filesystem object the location is seen on; the row of its `open` says the scheme",
        "into": "selector of the local path that a download is written to",
        "member": "selector of the name of the one file that a download takes of all that the location names",
        "inside": "keys, joined by dots, that lead from the argument, or from an element of it, to the location",
        "split": "key of such an element that names its split: of several those of the training count",
        "gives": "path: the call gives the path of a local copy",
        "wrapped": "for configuration: the attribute under which the parser hands out the plain data",
        "batch": "of a stream: selector of the stored source that keeps what it brought",
        "schema": "selector of the schema that a table is named in",
    },
    "asked-rows": {"what": "rows: the call brings the rows that an earlier query on the same object asked for"},
    "dataset-write": {
        "location": "selector of the path or table",
        "scheme": "as above",
        "format": "csv, parquet, ...",
        "value": "selector of what is written",
        "filesystem": "as above",
        "schema": "as above",
    },
    "estimator": {
        "family": "algorithm family: linear, gradient-boosting, forest, neural, svm, naive-bayes, neighbours, ...",
        "members": "selector of member estimators of an ensemble",
        "combine": "voting, stacking, bagging, ...",
        "base": "selector of the estimator that is bagged or wrapped",
    },
    "training": {
        "data": "selectors of what is learned from, comma separated",
        "model": "self or return",
        "learner": "selector of what learns, where the call is passed it: it is what a message names",
        "library": "library name",
        "family": "family when the call itself names it (lightgbm.train)",
        "what": "what learns, as a reader knows it, where the call has no name for it",
        "brings": "selector of the object whose data hooks are asked where the call passes no data",
        "by": "of a constructor: the method of the object that learns",
        "idle": "attributes and methods by which it does not learn, comma separated; an object of which nothing else "
        "is read is fitted nowhere",
    },
    "data-hooks": {
        "methods": "of a base class: methods, comma separated, whose results are the data of an object of it",
        "of": "data (default): of every object that flows into what is learned from; model: only of one that is fitted "
        "by a call that passes no data",
        "give": "all: what the constructor is passed counts only as far as these methods give it",
    },
    "model-save": {
        "location": "selector",
        "scheme": "as above",
        "model": "selector of the model",
        "artifacts": "selector of a dict of files that are saved with an object, by their names",
    },
    "saved-object": {"methods": "methods that are given the files saved with the object, comma separated"},
    "model-load": {
        "location": "selector",
        "scheme": "as above",
        "version": "selector",
        "family": "family when known",
        "source": "`memory`: made of bytes that are there already, so that nothing is fetched",
        "holds": "`anything`: the file may as well hold other objects, so its use tells a model; `record`: it holds "
        "the record of a run, by which its model is found",
        "unversioned": "pin state when no version is given",
        "gives": "as above",
    },
    "prediction": {
        "model": "self or selector",
        "input": "selectors of the input, comma separated",
        "interface": "predict, predict_proba, ...",
    },
    "forward-pass": {
        "input": "selectors of the data that a network is called with",
        "interface": "forward",
        "gives": "result, where the call gives what that method returns",
    },
    "combine": {"combine": "mean, weighted mean, rank mean, maximum, vote, stack", "operands": "selectors"},
    "model-call": {
        "provider": "who is paid",
        "operation": "chat, embed, image, audio, agent, rerank, batch",
        "hosting": "api (default) or self-hosted",
        "model": "selector of the model id",
        "prompt": "selectors of what the model is asked",
        "structured": "selector of the schema its answer follows, or `always`",
        "stream": "selector of the stream flag, or `always`",
        "default_tracing": "facets that the library records by default",
        "url": "selector of the address; the call counts only when it resolves to a known model API address",
        "base_url": "selector of the address of a call that has one of its own",
        "client_from": "`settings` where the client is the one that a `default-client` of the library sets",
        "url_base": "selector, at the construction of the client, of the address that one without a host belongs to",
        "url_joins": "as a link, where an address that begins at the root drops the path of that; else it stands below",
        "body": "selectors of what a request over HTTP sends",
        "callbacks": "selectors of callbacks, or of a config that holds them, for this call",
        "through": "attribute and method: what the call runs of what its receiver keeps, without a method that itself; "
        "with `by`, the method of what that argument holds; it counts only where that is known to call a model",
        "by": "selector of the argument whose method `through` is",
    },
    "client": {
        "provider": "who is paid",
        "base_url": "selector of the address",
        "model": "selector of the model id",
        "callbacks": "selector of callbacks",
        "stream": "selector of the switch that makes all its answers streams",
        "hosting": "api or self-hosted",
        "empty_address": "`asked` where an empty text is taken for an address; else it stands for the usual one",
        "wraps": "selectors of clients that this one wraps, comma separated; `self`: what it is called on, whose "
        "settings hold where no argument replaces them",
        "default": "access path of the attribute whose value it takes where it is given no client",
    },
    "address": {"of": "what access paths begin with that a client asks at this address which its library makes itself"},
    "default-client": {
        "client": "selector of the client that calls of the library ask whose row takes it from settings"
    },
    "composition": {"of": "selectors of the parts: it calls a model when a part does; also inside dicts and lists"},
    "instrument": {
        "product": "what records",
        "facets": "comma separated facets of tokens, cost, latency, feature, tenant",
        "reach": "process (everything of `covers`), decorated (calls in the decorated function), context (calls in "
        "the with block), client (the wrapped client), callback (where it is attached), value (the argument's usage), "
        "off (switches the default tracing of its library off when `enabled`)",
        "covers": "comma separated providers or `all`, `langchain`, `llama_index`",
        "enabled": "selector or key that must not be empty or false",
        "client": "selector of the wrapped client",
        "tokens_when": "selector of an argument: tokens and cost are recorded by this row only when it says "
        "generation, llm or embedding (any case)",
        "methods": "for a base class: the derived class records only when it defines one of these, comma separated",
        "apart": "parameters of these methods that hold nothing of the response, comma separated",
        "calls": "access paths of the calls it records, comma separated; absent: all calls of `covers`",
        "streams": "`no`: it records no tokens of a call that streams its answer",
        "callbacks": "selector of callbacks, or of what carries them: it is on as far as these record",
    },
    "usage": {
        "facets": "tokens and/or cost that the returned value or this read holds",
        "of": "selector of the response it is about",
        "estimate": "counted from text by a tokenizer, not reported by the provider: `true` for how many tokens, "
        "`tokens` for these themselves",
    },
    "endpoint": {
        "framework": "library",
        "route": "selector of the route",
        "method": "HTTP method or selector",
        "interface": "api, ui, stream or batch",
        "handler": "decorated (default), selector of a function, or `methods`",
        "methods": "method names that are called per request, comma separated",
        "inputs": "how request data arrives: parameters (default), request (a global), first (first parameter)",
    },
    "entry": {
        "kind": "cli, task, flow, job, queue-consumer, step",
        "schedule": "selector of a cron expression, interval or preset",
        "name": "selector of the name",
        "owner": "selector of an owner",
        "context": "names of parameters that the library fills for each run, comma separated",
        "bound": "selector of what says that the decorated function is passed its task first",
        "handler": "decorated (default) or selector of a function",
        "stores": "paths: what lies under a path that the function returns is stored, and the path of a copy is "
        "handed on",
    },
    "workflow": {
        "steps": "selectors of what becomes part of a workflow: functions, objects of steps, other workflows, or lists "
        "of them, comma separated",
        "into": "self (the receiver) or return (default): the workflow it becomes part of",
        "methods": "methods by which an object of a class of the repository is run, comma separated; "
        "`__call__` by default",
        "inputs": "selector of the names of what the step needs",
        "key": "selector of the key under which the result of a run has what the step gives",
        "outputs": "selector of the names of what the step makes",
        "fields": "selectors of inputs of a step without a function: what it makes has them as attributes of that name",
    },
    "workflow-run": {
        "of": "selector of what runs: a workflow, a step, or an object whose class makes one; self by default",
        "how": "calls (default); queues: it runs later, behind the answer; deploys: it is handed over to be run later",
        "methods": "methods of a class of the repository that run, comma separated; absent: those marked as steps",
        "task": "selector of the name of the task that runs",
        "arguments": "what is passed: following (the arguments of the call), each (an element of each of these), or "
        "the selector of a list",
        "keywords": "selector of a dict of keyword arguments",
        "templates": "jinja when `{{ ... }}` in texts is filled at run time",
        "callbacks": "selectors of callbacks, or of a config that holds them, handed to what the steps call",
    },
    "workflow-config": {
        "callbacks": "as above, for every run of the workflow that the call gives back",
        "arguments": "as above, for every run of the step that the call gives back",
        "templates": "as above",
    },
    "run-configuration": {
        "document": "selector of the path of a document that configures the runs of what is decorated; absent at a "
        "call: the run has none",
        "steps": "key of the document under which each step has its own settings",
        "parameters": "key, of the document and of the settings of a step, of the parameters by name",
        "invocation": "keyword of the call of a step that names its settings; else they go by its name",
    },
    "workflow-step": {
        "after": "selectors of the steps before it or their names; `parameters`: the steps its parameters are named "
        "for; `events`: the steps whose returned class a parameter is annotated with",
    },
    "workflow-order": {
        "before": "selectors of the steps before; `around`: the step the call stands in",
        "after": "selectors of the steps behind; absent: each of `before` comes after the one before it",
    },
    "schedule": {
        "expression": "selector of cron, interval or preset",
        "job": "selector of the job name",
        "owner": "selector of default arguments or owner",
    },
    "cli-option": {
        "default": "selector of the default value",
        "env": "selector of an environment variable",
        "choices": "selector of a list of all that may be passed, or of a type that is made with one",
    },
    "command": {
        "words": "selectors of the command line it starts: a text for a shell, or a list of words; several are joined",
        "folder": "selector of the working directory",
        "options": "selector of a dict of options that the words end in",
        "inputs": "selector of a dict of what `${{inputs.NAME}}` in the words stands for",
        "program": "the program that the call runs by itself; the words are what it is told to run",
        "parameters": "selector of a dict of what the parameters of a notebook are given",
    },
    "notebook-parameter": {
        "name": "selector of the name of a parameter of the notebook that the call reads or makes",
        "default": "selector of its default; absent: the call reads it",
    },
    "cli-objects": {
        "classes": "selectors of the classes whose objects are filled from the command line, or a list of them",
        "told": "constructor: the classes are arguments of the call that made the parser",
        "gives": "each (a list of one object for each class) or one (default)",
    },
    "environment": {
        "name": "selector of the variable",
        "default": "selector of the default",
        "file": "selector of an environment file that the call loads",
    },
    "parse": {
        "text": "selector of a text or open file that is turned into values",
        "format": "yaml, json, toml, ini, dotenv or base64",
    },
    "from-data": {
        "merged": "selectors of data that the call merges, the later over the earlier",
        "data": "selector of the mapping an object is made from",
        "file": "selector of the file that mapping is read from",
        "type": "selector of the class of the object; `self`: the class it is called on",
        "plain": "selector of an object whose fields the call gives as a dict; self: the receiver",
        "copy": "selector of an object that the call copies with some fields changed; self: the receiver",
        "changes": "selector of a mapping of the changed fields",
        "keywords": "true when keyword arguments are fields too: of a copy those that change, else all of the result",
    },
    "lookup": {
        "of": "selector of the settings that are looked into; self: the receiver",
        "keys": "selectors of the keys, the outermost first; a key with dots is several",
        "default": "selector of what a missing key gives",
        "as": "int, float or bool when the text is converted",
        "dotted": "true when a dot in a key separates two",
    },
    "config-tree": {
        "folder": "selector of the folder of a set of configuration files",
        "name": "selector of the file the composition starts from",
        "overrides": "selector of the overrides, each `key=value`",
    },
    "feature-view": {
        "store": "feast, hopsworks, ...",
        "name": "selector",
        "entities": "selector",
        "source": "selector",
        "owner": "selector",
        "streaming": "true for stream or push views",
        "on_demand": "true when request data is an input",
    },
    "feature-read": {
        "mode": "online or offline",
        "features": "selector",
        "keys": "selector of the entity rows",
        "request": "selector of request-time features",
        "view": "selector of the view that is read, where the call is passed no names",
    },
    "feature-store": {"repository": "selector of the folder of the definitions that the store is opened on"},
    "feature-service": {"name": "selector", "features": "selector of its views; absent: the service of that name"},
    "materialise": {"views": "selector of the views it refreshes; absent: all of the store"},
    "request-data": {"what": "body, query, form, json: a value that comes from the current request"},
    "now": {"what": "a value of the current moment"},
    "owned-keyword": {"keyword": "keyword that names an owner on a definition of this kind"},
    "cache": {
        "reach": "decorated or value",
        "keeps": "`object`: every caller is given the same object; absent: a copy, or one for each owner",
    },
    "cache-look-up": {"key": "selector of the key under which a cache is asked"},
    "cache-write": {"key": "as above", "value": "selector of what is kept under it"},
    "sink": {"what": "log, metric, database, file, response: where a value is kept"},
    "action": {
        "what": "code, shell, delete, message, payment, deploy or publish",
        "class": "0 to 3 by what it can do: 1 local and reversible, 2 seen by others, 3 not to be undone",
        "target": "selectors of what decides whom or what it acts on",
    },
    "stands-for": {
        "of": "selector of the argument whose value the result has",
        "as": "`default`: the value holds only where a run is given no other",
        "source": "what fills it at run time: `run:` and the name of something that exists for one run, `request:` ...",
        "item": "the position at which it stands in a tuple that is returned; absent: it is the result",
        "ending": "selector of the text that a source's own name ends with",
        "gives": "`each argument`: a list with the value of every positional argument",
    },
    "calls-argument": {
        "function": "selector of the function that is called",
        "arguments": "what it is passed: following (the arguments behind it), each (an element of each of these), rows "
        "(the parts of an element of the next one), result (what the call gives), or the selector of a tuple",
        "packed": "selector of a tuple that may stand for the arguments that follow",
        "passes": "selectors of what it is passed, one for each of its first parameters",
        "keywords": "selector of a dict of keyword arguments",
        "gives": "what the call gives of the function's result: result (itself, awaited or not), results (a list), "
        "or a dot and the method that gives it (`.result`, `.get`)",
        "how": "queues, when another process runs it later",
        "context": "names of parameters that the library fills for each run, comma separated",
        "templates": "jinja when `{{ ... }}` in texts is filled at run time",
    },
    "held-object": {
        "class": "selector of the class an object of which is given",
        "put": "methods of the same holder whose first argument is given, comma separated",
        "initial": "selector, on the call that makes the holder, of what it holds at first",
        "default": "selector of what is given when the holder is empty",
        "makes": "here, where the call makes the object of the class, with what else it is passed",
    },
    "kept-argument": {
        "of": "of an attribute: selectors of what the constructor of the object was passed, and the attribute holds; "
        "the first that is passed and is no text",
    },
    "column": {
        "holds": "text when a column of this kind is one; absent: what `type` or the annotation says",
        "type": "selectors of where the type of the column may stand",
        "texts": "names of the types that are texts, comma separated",
        "class": "selector of the class of the row that the column refers to, or its name",
        "default": "selectors of what a new row holds: a value, or a function that gives one",
        "empty": "selector of what says that a new row may leave the column without a value",
        "only": "keyword of the class statement without which the class is no table",
    },
    "new-row": {
        "manager": "attribute of the class of the row behind which the method stands; absent: it is one of the class",
    },
    "instantiates": {"of": "selector of the configuration that names what is made under `_target_`"},
    "no-flow": {"why": "the result does not carry the arguments' data (len, isinstance, print)"},
}
"""What a row can mean (`is`), with the settings (`with`) of each meaning. A setting is a literal or a selector.

Selectors: `$0|name` (argument 0 or keyword `name`), `$name` (keyword), `$0`, `$*` (all arguments), `self`
(the receiver), `return` (the result).
"""
