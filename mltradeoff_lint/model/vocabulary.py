"""The closed vocabulary of the graph: node kinds, edge kinds and properties, each with a one-line meaning.

Rules, catalog rows and builders may use only these words; an unknown one is an error when it is loaded.
"""

from __future__ import annotations

from typing import NamedTuple


class PropertyKind(NamedTuple):
    """A property: its type (`text`, `number`, `flag`, `texts`), its meaning, and its allowed words (empty: any)."""

    type: str
    meaning: str
    values: tuple[str, ...] = ()


ROLES = ("serving", "scheduled", "train-entry", "script", "experiment", "test", "tutorial")
"""What a piece of code is for, by reachability; the global step-down of severity reads it."""

PIN_STATES = (
    "content-pinned", "version-pinned", "pinned-expiring", "partition-pinned", "run-bound", "generated",
    "mutable-by-design", "mutable-explicit", "mutable-implicit", "unknown",
)  # fmt: skip
"""How firmly the content of a dataset or artefact is fixed, firmest first."""

OWNER_STRENGTHS = ("node", "path-specific", "directory", "catch-all", "package-author", "none")
"""How directly an owner is named, strongest first."""

METERING_FACETS = ("tokens", "cost", "latency", "feature", "tenant")
"""What a record of a model call can hold."""

NODE_KINDS: dict[str, dict[str, PropertyKind]] = {
    "Function": {
        "module": PropertyKind("text", "dotted module name"),
        "is_async": PropertyKind("flag", "declared with `async def`"),
    },
    "Endpoint": {
        "framework": PropertyKind("text", "library that serves it"),
        "route": PropertyKind("text", "route, method name or class that is called from outside"),
        "method": PropertyKind("text", "HTTP method, upper case"),
        "interface": PropertyKind("text", "who calls it", ("api", "ui", "stream", "batch")),
        "owner": PropertyKind("text", "who is named for it"),
        "owner_strength": PropertyKind("text", "how directly the owner is named", OWNER_STRENGTHS),
    },
    "Job": {
        "platform": PropertyKind("text", "what runs it"),
        "kind": PropertyKind("text", "service, scheduled, stage, ci or script"),
        "interval_seconds": PropertyKind("number", "longest gap between two scheduled runs"),
    },
    "Dataset": {
        "identity": PropertyKind("text", "canonical location: URI, qualified table, registry name"),
        "scheme": PropertyKind("text", "file, http, s3, gs, sql, hub, feature-store, loader ..."),
        "remote": PropertyKind("flag", "outside the repository and the machine"),
        "pin": PropertyKind("text", "how firmly the content is fixed", PIN_STATES),
        "pin_how": PropertyKind("text", "the words that prove the pin, or say how it moves"),
        "pin_fix": PropertyKind("text", "one concrete line that would pin it"),
        "tracked": PropertyKind("flag", "committed to git"),
        "written": PropertyKind("flag", "also written by this repository"),
        "provenance": PropertyKind(
            "text", "where the identity was read", ("literal", "configured", "default", "example")
        ),
        "home": PropertyKind("flag", "a path in somebody's home folder"),
        "convention": PropertyKind("flag", "frozen by convention, such as a competition's input"),
        "archived": PropertyKind("flag", "a file of an archive that keeps it by custom and numbers no versions"),
        "role": PropertyKind("text", "the most demanding role of the trainings it feeds", ROLES),
        "owner": PropertyKind("text", "who is named for it"),
        "owner_strength": PropertyKind("text", "how directly the owner is named", OWNER_STRENGTHS),
        "code_owner": PropertyKind("text", "who is named for its code, where nobody is for the data"),
    },
    "Training": {
        "library": PropertyKind("text", "library whose fit this is"),
        "estimator": PropertyKind("text", "class or function that is fitted"),
        "role": PropertyKind("text", "what the code is for", ROLES),
    },
    "Model": {
        "identity": PropertyKind("text", "path, registry name or hub id of the artefact"),
        "family": PropertyKind("text", "algorithm family of the estimator"),
    },
    "Prediction": {
        "interface": PropertyKind("text", "predict, predict_proba, transform ..."),
        "inputs": PropertyKind("text", "what the input is made of", ("stored", "request", "mixed", "none")),
        "key_space": PropertyKind("text", "whether the possible keys can be listed", ("enumerable", "open")),
        "refresh_seconds": PropertyKind("number", "shortest refresh of the stored inputs"),
        "refresh_how": PropertyKind("text", "what refreshes the inputs"),
        "declared_freshness": PropertyKind("number", "how old its inputs may be, in seconds, as the settings declare"),
        "request_fields": PropertyKind("texts", "what it takes from the request beside keys"),
        "sources": PropertyKind("texts", "the stored inputs with what refreshes each"),
        "model": PropertyKind("text", "the model as a reader knows it"),
        "scope": PropertyKind("text", "when it runs", ("request", "batch", "startup", "cached")),
        "role": PropertyKind("text", "what the code is for", ROLES),
        "owner": PropertyKind("text", "who is named for it"),
        "owner_strength": PropertyKind("text", "how directly the owner is named", OWNER_STRENGTHS),
    },
    "Ensemble": {
        "combine": PropertyKind("text", "how the members are combined"),
        "does": PropertyKind("text", "what it does with its members", ("combines", "chooses between")),
        "members": PropertyKind("number", "number of distinct members"),
        "member_names": PropertyKind("texts", "the members as a reader knows them"),
        "families": PropertyKind("number", "number of distinct algorithm families or artefacts"),
        "role": PropertyKind("text", "what the code is for", ROLES),
        "owner": PropertyKind("text", "who is named for it"),
        "owner_strength": PropertyKind("text", "how directly the owner is named", OWNER_STRENGTHS),
        "repository_owned": PropertyKind("number", "share of other model files owned by directory or better, 0 to 1"),
        "owner_line": PropertyKind("text", "the CODEOWNERS line that would name an owner, without the owner"),
        "owner_file": PropertyKind("text", "the CODEOWNERS file, or the one to make"),
        "path": PropertyKind("text", "file the ensemble stands in"),
        "live": PropertyKind(
            "flag", "its prediction is served, stored, submitted or persisted; asked of two members or more"
        ),
    },
    "ModelCall": {
        "provider": PropertyKind("text", "openai, anthropic, bedrock, ..."),
        "operation": PropertyKind(
            "text", "what is asked", ("chat", "embed", "image", "audio", "agent", "rerank", "batch")
        ),
        "hosting": PropertyKind("text", "who runs the model", ("api", "self-hosted")),
        "model": PropertyKind("text", "model id when it resolves"),
        "models": PropertyKind("texts", "the model ids that callers of the wrapper pass, each with the call that does"),
        "unit": PropertyKind("text", "the wrapper that holds the call: one cause for all its calls"),
        "unit_label": PropertyKind("text", "the cause as a reader knows it: a client, class or function"),
        "place": PropertyKind("text", "the function that holds the call, or the file of a script"),
        "callers": PropertyKind("number", "distinct functions that call the wrapper"),
        "metering": PropertyKind("text", "whether a token or cost record exists", ("satisfied", "absent")),
        "metered": PropertyKind("texts", "which facets reach a record"),
        "metering_how": PropertyKind("text", "what meters it, or where the search ended"),
        "metering_fix": PropertyKind("texts", "the lines that would record the call, mostly one"),
        "metering_fix_how": PropertyKind("text", "the words that lead to those lines"),
        "metering_fix_where": PropertyKind("text", "the end of these words: which part of a response they read"),
        "metering_fix_in": PropertyKind("texts", "where these lines belong, mostly the function of the call"),
        "usage_lost": PropertyKind("flag", "usage is read from a stream that was not asked for it"),
        "usage_ask": PropertyKind("text", "the argument that asks the stream for it"),
        "branches": PropertyKind("texts", "constructors that are not metered, where several reach the call"),
        "unmetered_runs": PropertyKind("texts", "runs without callbacks that lead to the call, where others have some"),
        "unmetered_way": PropertyKind("text", "an entry that leads to the call around the callers that record it"),
        "streamed": PropertyKind("flag", "the response is a stream"),
        "reach": PropertyKind("text", "what triggers it", ("request", "schedule", "queue", "other")),
        "role": PropertyKind("text", "what the code is for", ROLES),
        "path": PropertyKind("text", "file the call stands in"),
        "owner": PropertyKind("text", "who is named for it"),
        "owner_strength": PropertyKind("text", "how directly the owner is named", OWNER_STRENGTHS),
    },
    "Instrument": {
        "facets": PropertyKind("texts", "what it records", METERING_FACETS),
    },
    "FeatureView": {
        "store": PropertyKind("text", "feast, hopsworks, ..."),
        "entities": PropertyKind("texts", "keys it is looked up by"),
        "refresh_seconds": PropertyKind("number", "longest gap between two materialisations"),
        "streaming": PropertyKind("flag", "fed by a stream or push source"),
        "on_demand": PropertyKind("flag", "computed from data of the request"),
    },
    "FeatureRead": {"mode": PropertyKind("text", "where it reads", ("online", "offline"))},
    "Owner": {"source": PropertyKind("text", "where the owner is named")},
    "OwnerRule": {
        "pattern": PropertyKind("text", "the path pattern"),
        "owners": PropertyKind("texts", "who it names"),
        "line": PropertyKind("number", "its line in the file"),
        "matches": PropertyKind("number", "files its pattern matches"),
        "wins": PropertyKind("number", "files it decides"),
        "state": PropertyKind("text", "whether it ever decides a file", ("live", "shadowed", "stale")),
        "winner": PropertyKind("text", "the later rule that takes its files"),
        "winner_line": PropertyKind("number", "line of that rule"),
        "loss": PropertyKind("text", "what being dead changes", ("owners", "nothing", "everything")),
        "removes": PropertyKind("flag", "names nobody, so that its files have no owner"),
        "fallback": PropertyKind("flag", "still decides files nobody has written yet, below narrower rules"),
        "untracked": PropertyKind("flag", "matches files that exist and that git does not track"),
        "deeper": PropertyKind("number", "files below the folder whose direct children alone it matches"),
        "deeper_written": PropertyKind("text", "the rule as it would match these files"),
        "written": PropertyKind("text", "the rule on one line"),
        "winner_written": PropertyKind("text", "the rule that takes its files, on one line"),
        "winner_owners": PropertyKind("texts", "who that rule names"),
        "wider": PropertyKind("flag", "that rule matches more than this one, so that their order is wrong"),
        "file": PropertyKind("text", "the file the rule stands in"),
    },
}

EDGE_KINDS: dict[str, str] = {
    "handles": "endpoint or job -> the function it runs",
    "calls": "function -> function or model call in its body",
    "triggers": "endpoint or job -> model call it leads to, by the surest and then shortest way",
    "reads": "code -> dataset or feature view",
    "writes": "code -> dataset; the dataset is what is written",
    "derives": "dataset or value -> dataset it is computed from",
    "trained_on": "training or model -> dataset",
    "loads": "code -> model artefact",
    "predicts_with": "prediction or endpoint -> model",
    "performs": "function -> prediction, training, ensemble or feature read in its body",
    "takes": "prediction -> dataset, feature read or request it takes its input from",
    "looks_up": "feature read -> feature view",
    "combines": "ensemble -> model or prediction it combines",
    "metered_by": "model call -> instrument that records it",
    "owned_by": "node -> owner",
    "decided_by": "node -> owner rule that decides its owner",
    "shadowed_by": "owner rule -> later rule that wins its files",
    "refreshed_by": "dataset or feature view -> job that refreshes it",
    "same_as": "node -> node that is the same thing, with a certainty",
}

EDGE_PROPERTIES: dict[str, dict[str, PropertyKind]] = {
    "loads": {"scope": PropertyKind("text", "when it loads", ("request", "batch", "startup", "import"))},
}
"""The properties of edges, by edge kind; a kind that is not listed has none."""

EVIDENCE_KINDS: dict[str, str] = {
    "ownership": "CODEOWNERS, a catalog file or another place that names owners",
}
"""Evidence of a whole repository, for the `needs` of rules: what the graph's builders may provide."""
