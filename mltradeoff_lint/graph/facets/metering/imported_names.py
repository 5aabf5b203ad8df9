"""What the code imports something as, where the catalog knows it by the name of its kin in another library."""

from __future__ import annotations

from mltradeoff_lint.model.expressions import dotted
from mltradeoff_lint.model.facts import PythonFacts


def imported_as(facts: PythonFacts, number: int) -> str:
    """The access path of what a call calls, as the one import of its name spells it; empty without such an import."""
    name, _, rest = dotted(facts, facts.calls[number].function).partition(".")
    found = {(one.module, one.name) for one in facts.imports if name and one.bound == name and not one.level}
    if len(found) != 1:
        return ""
    module, imported = found.pop()
    # a plain `import a.b` binds `a`
    base = f"{module}.{imported}" if imported else module if module.partition(".")[0] != name else name
    return f"{base}.{rest}" if rest else base
