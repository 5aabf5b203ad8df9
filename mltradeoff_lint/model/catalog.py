"""What a library's calls mean, as rows of data: the types that `catalog` loads and `resolve` asks.

An **access path** names a thing of a library by how a program gets at it: `openai.OpenAI` is a name in a
module, `openai.OpenAI()` what calling it gives, `openai.OpenAI().chat.completions.create` a member of that.
`[]` stands for a subscript or an element. A path may hold `*` (any one name or part of one) and `**` (any
number of names); an exact row wins over a pattern.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MEANINGS: dict[str, dict[str, str]] = {
    "dataset-read": {
        "location": "selector of the path, URI, table, query or name; several are parts joined by `/`; "
        "`self`: what the receiver was made from",
        "scheme": "file (default), http, s3, gs, azure, sql, table, hub, feature-store, loader, registry",
        "format": "csv, parquet, ...",
        "version": "selector of the version, revision or digest",
        "pin": "pin state whatever the arguments (built-in loaders: content-pinned)",
        "unversioned": "pin state when no version is given; default mutable-implicit",
        "builder": "names that are a format or builder, not a dataset; then `files` holds the location",
        "files": "selector of data files",
        "holds": "what it usually holds when not training data: config, model, prompt, image, document",
        "mode": "selector of an open mode; one that writes makes the call a write",
        "into": "selector of the local path that a download is written to",
    },
    "dataset-write": {
        "location": "selector of the path or table",
        "scheme": "as above",
        "format": "csv, parquet, ...",
        "value": "selector of what is written",
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
        "library": "library name",
        "family": "family when the call itself names it (lightgbm.train)",
    },
    "model-save": {"location": "selector", "scheme": "as above", "model": "selector of the model"},
    "model-load": {
        "location": "selector",
        "scheme": "as above",
        "version": "selector",
        "family": "family when known",
        "unversioned": "pin state when no version is given",
    },
    "prediction": {
        "model": "self or selector",
        "input": "selectors of the input, comma separated",
        "interface": "predict, predict_proba, ...",
    },
    "combine": {"combine": "mean, weighted mean, rank mean, vote, stack", "operands": "selectors, comma separated"},
    "model-call": {
        "provider": "who is paid",
        "operation": "chat, embed, image, audio, agent, rerank, batch",
        "hosting": "api (default) or self-hosted",
        "model": "selector of the model id",
        "stream": "selector of the stream flag, or `always`",
        "default_tracing": "facets that the library records by default",
        "url": "selector of the address; the call counts only when it resolves to a known model API address",
        "callbacks": "selectors of callbacks, or of a config that holds them, for this call",
    },
    "client": {
        "provider": "who is paid",
        "base_url": "selector of the address",
        "model": "selector of the model id",
        "callbacks": "selector of callbacks",
        "hosting": "api or self-hosted",
        "wraps": "selector of a client that this one wraps",
    },
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
    },
    "usage": {
        "facets": "tokens and/or cost that the returned value or this read holds",
        "of": "selector of the response it is about",
        "estimate": "true when counted from text by a tokenizer, not reported by the provider",
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
        "handler": "decorated (default) or selector of a function",
    },
    "schedule": {
        "expression": "selector of cron, interval or preset",
        "job": "selector of the job name",
        "owner": "selector of default arguments or owner",
    },
    "cli-option": {
        "flags": "selector of the flag names",
        "default": "selector of the default value",
        "env": "selector of an environment variable",
    },
    "environment": {"name": "selector of the variable", "default": "selector of the default"},
    "feature-view": {
        "store": "feast, hopsworks, ...",
        "name": "selector",
        "entities": "selector",
        "ttl": "selector",
        "source": "selector",
        "owner": "selector",
        "version": "selector",
        "streaming": "true for stream or push views",
        "on_demand": "true when request data is an input",
    },
    "feature-read": {
        "store": "feast, hopsworks, ...",
        "mode": "online or offline",
        "features": "selector",
        "keys": "selector of the entity rows",
        "request": "selector of request-time features",
    },
    "materialise": {"views": "selector of the views it refreshes; absent: all of the store"},
    "request-data": {"what": "body, query, form, json: a value that comes from the current request"},
    "now": {"what": "a value of the current moment"},
    "owner": {"owner": "selector of the owner"},
    "owned-keyword": {"keyword": "keyword that names an owner on a definition of this kind"},
    "cache": {"reach": "decorated or value"},
    "sink": {"what": "log, metric, database, file, response: where a value is kept"},
    "no-flow": {"why": "the result does not carry the arguments' data (len, isinstance, print)"},
}
"""What a row can mean (`is`), with the settings (`with`) of each meaning. A setting is a literal or a selector.

Selectors: `$0|name` (argument 0 or keyword `name`), `$name` (keyword), `$0`, `$*` (all arguments), `self`
(the receiver), `return` (the result).
"""


@dataclass(frozen=True, slots=True)
class Selector:
    """An argument of a call: by position, by any of several keywords, or a role: `self`, `return`, `value`, `*`."""

    position: int | None = None
    keywords: tuple[str, ...] = ()
    role: str = ""


Setting = str | Selector | tuple[Selector, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What a call, decorator, base class, import or assignment means: one `is` with its settings."""

    path: str
    kind: str
    library: str
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def literal(self, name: str, default: str = "") -> str:
        """A setting that is a plain word."""
        value = self.settings.get(name, default)
        return value if isinstance(value, str) else default

    def selectors(self, name: str) -> tuple[Selector, ...]:
        """A setting that selects arguments; empty when it is absent or a literal."""
        value = self.settings.get(name)
        if isinstance(value, Selector):
            return (value,)
        return value if isinstance(value, tuple) else ()
