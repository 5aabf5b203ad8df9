"""Which functions read a field of usage or call what records one, whatever object they read it of."""

from __future__ import annotations

from mltradeoff_lint.graph.facets.metering.words import COST_FIELDS, TOKEN_FIELDS, TOKEN_FUNCTION
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.flow.flow_steps import constant_key

_LOOKUPS = frozenset({"get", "pop", "getattr"})


def reads_usage(work: Workspace, function: FunctionRef) -> bool:
    """Whether a function, or one that is written inside it, reads usage."""
    facts = work.resolver.facts(function.path)
    scopes = work.resolver.program.ask("usage-scopes", function.path, lambda: _find(work, function.path, facts))
    return function.scope in scopes


def _find(work: Workspace, path: str, facts: PythonFacts) -> frozenset[int]:
    """The scopes of a module that read usage, with those around them up to a function."""
    fields = TOKEN_FIELDS | COST_FIELDS
    found = {
        facts.expr_scopes[at]
        for at, expr in enumerate(facts.exprs)
        if (expr[0] == "attr" and expr[2] in fields) or (expr[0] == "item" and constant_key(facts, expr) in fields)
    }
    for call in facts.calls:
        name = last_name(facts.exprs[call.function])
        keys = (facts.exprs[one] for one in call.arguments) if name in _LOOKUPS else ()
        if TOKEN_FUNCTION.search(name) or any(one[0] == "const" and one[1] in fields for one in keys):
            found.add(call.scope)
    found |= {work.resolver.call(use.ref).scope for use in work.sites.of_kind("usage") if use.ref.path == path}
    pending = list(found)
    for scope in pending:
        outer = facts.scopes[scope].parent
        if outer > 0 and outer not in found and facts.scopes[scope].kind != "class":
            found.add(outer)
            pending.append(outer)
    return frozenset(found)
