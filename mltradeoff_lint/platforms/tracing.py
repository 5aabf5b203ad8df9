"""Metering that variables and command wrappers switch on: derived from what the other platforms declare of a file.

A variable means the same wherever it is set (`.env`, compose, Kubernetes, a Dockerfile, a workflow), so one module
reads them all. It looks at one file at a time.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from mltradeoff_lint.model.declarations import Command, Declaration, EnvBinding, Instrumentation

FLAGS = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING")
"""Variables that switch LangSmith tracing of LangChain and LangGraph on or off."""
KEYS = ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY")
"""Variables that hold its key: without a flag they leave the state unknown."""

OTHERS: tuple[tuple[str, str], ...] = (
    ("LANGFUSE_", "Langfuse"), ("HELICONE_", "Helicone"), ("TRACELOOP_", "Traceloop"), ("PHOENIX_", "Phoenix"),
    ("LOGFIRE_TOKEN", "Logfire"), ("OPIK_API_KEY", "Opik"), ("WANDB_API_KEY_WEAVE", "Weave"),
    ("OTEL_INSTRUMENTATION_GENAI", "OpenTelemetry"), ("OTEL_SEMCONV_STABILITY_OPT_IN", "OpenTelemetry"),
    ("DD_LLMOBS_ENABLED", "Datadog"), ("PORTKEY_API_KEY", "Portkey"),
)  # fmt: skip
"""Prefixes of variables of products that need code as well; their state is unknown until code uses them."""

WRAPPERS: dict[str, tuple[str, str]] = {
    "opentelemetry-instrument": ("OpenTelemetry", "on"),
    "ddtrace-run": ("Datadog", "on"),
    "newrelic-admin": ("New Relic", "unknown"),
}
"""Programs that instrument the command they start: product, and whether model calls are recorded for certain."""

_FACETS = ("tokens", "cost", "latency")
_TRUE = ("true", "1", "yes", "on")
_FALSE = ("false", "0", "no", "off")


def instrumentations(declarations: Sequence[Declaration]) -> tuple[Instrumentation, ...]:
    """What the variables and commands of one file switch on, in their order."""
    bindings = list(dict.fromkeys(item for item in declarations if isinstance(item, EnvBinding)))
    commands = [item for item in declarations if isinstance(item, Command)]
    return (*_langsmith(bindings), *_others(bindings), *_wrappers(commands))


def flag_state(binding: EnvBinding) -> str:
    """`on`, `off` or `unknown` for a tracing flag.

    A true value counts as on wherever it stands, because production tracing is switched by exactly these
    variables. A false one is off only where it is set; in an example or as a default it can be switched on.
    """
    value = (binding.value or "").strip().strip("\"'").lower()
    if value in _TRUE:
        return "on"
    return "off" if value in _FALSE and binding.provenance == "configured" else "unknown"


def _langsmith(bindings: Sequence[EnvBinding]) -> Iterator[Instrumentation]:
    flags = [binding for binding in bindings if binding.name in FLAGS]
    for binding in flags:
        state = flag_state(binding)
        how = f"{binding.name}={binding.value}" if state != "unknown" else f"{binding.name} without a decided value"
        yield Instrumentation("LangSmith", state, _FACETS, "langchain", how, binding.site)
    if flags:
        return
    for binding in bindings:
        if binding.name in KEYS:
            how = f"{binding.name} without a tracing flag"
            yield Instrumentation("LangSmith", "unknown", _FACETS, "langchain", how, binding.site)


def _others(bindings: Sequence[EnvBinding]) -> Iterator[Instrumentation]:
    """One a product: the first of its variables."""
    seen: set[str] = set()
    for binding in bindings:
        for prefix, product in OTHERS:
            if binding.name.startswith(prefix) and product not in seen:
                seen.add(product)
                yield Instrumentation(product, "unknown", _FACETS, "process", f"{binding.name} is set", binding.site)


def _wrappers(commands: Sequence[Command]) -> Iterator[Instrumentation]:
    for command in commands:
        for word in command.words:
            known = WRAPPERS.get(posixpath.basename(word))
            if known is not None:
                how = f"{posixpath.basename(word)} starts {command.job or 'the command'}"
                yield Instrumentation(known[0], known[1], ("latency", "tokens"), "process", how, command.site)
                break
