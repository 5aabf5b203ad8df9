"""Tracing flags that code sets: `os.environ["LANGSMITH_TRACING"] = "true"`."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.declarations import EnvBinding
from mltradeoff_lint.model.facts import Expr, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.platforms.tracing import FLAGS, flag_state
from mltradeoff_lint.resolve.domain import Library, Literal, Values


def tracing_flags(work: Workspace, path: str) -> Iterator[tuple[bool, Recorded]]:
    """The flags that a module sets, each with whether it surely switches tracing on; flags set to off are left out."""
    for name, value, site in _flags(work, path, work.resolver.facts(path)):
        values: Values = work.resolver.values(path, value)
        texts = [one.value if isinstance(one, Literal) else None for one in values]
        states = {flag_state(EnvBinding(name, None if text is None else str(text), site, "python")) for text in texts}
        if states - {"off"}:
            is_on = states == {"on"}
            how = f"{name}=true is set in code" if is_on else f"{name} is set in code from elsewhere"
            yield is_on, Recorded("LangSmith", ("tokens", "cost", "latency"), how, site)


def _flags(work: Workspace, path: str, facts: PythonFacts) -> Iterator[tuple[str, int, Site]]:
    for write in facts.writes:
        name = _flag(facts.exprs[write.key]) if write.kind == "item" else ""
        if name and _is_environ(work, path, write.base):
            yield name, write.value, Site(path, write.span)
    for call in facts.calls:
        function = facts.exprs[call.function]
        if function[0] == "attr" and function[2] == "setdefault" and len(call.arguments) == 2:
            name = _flag(facts.exprs[call.arguments[0]])
            if name and _is_environ(work, path, function[1]):
                yield name, call.arguments[1], Site(path, call.span)


def _flag(key: Expr) -> str:
    return str(key[1]) if key[0] == "const" and key[1] in FLAGS else ""


def _is_environ(work: Workspace, path: str, expr: int) -> bool:
    return any(isinstance(one, Library) and one.path == "os.environ" for one in work.resolver.values(path, expr))
