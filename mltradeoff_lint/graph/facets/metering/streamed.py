"""Whether a model call streams its answer: instruments that read the whole answer count no tokens of a stream."""

from __future__ import annotations

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import Library, Literal, Mapping, Value
from mltradeoff_lint.resolve.sites import Use


def streamed(work: Workspace, use: Use) -> str:
    """`yes`, `no` or `perhaps`, by the row of the call and the flag it is given; without the flag it is `no`."""
    if use.meaning.literal("stream") == "always":
        return "yes"
    answers = {_flag(value) for value in work.sites.setting(use, "stream")}
    if not answers:
        return "perhaps" if use.meaning.selectors("stream") and _is_open(work, use) else "no"
    return answers.pop() if len(answers) == 1 else "perhaps"


def _flag(value: Value) -> str:
    if isinstance(value, Literal):
        return "yes" if value.value else "no"
    # `openai.NOT_GIVEN` and the like leave the default
    return "no" if isinstance(value, Library) and value.path.rpartition(".")[2].isupper() else "perhaps"


def _is_open(work: Workspace, use: Use) -> bool:
    """Whether the call passes `**something` that may hold the flag."""
    for name, expr in work.resolver.call(use.ref).keywords:
        values = work.resolver.values(use.ref.path, expr) if name is None else ()
        if any(not isinstance(value, Mapping) or value.is_open for value in values):
            return True
    return False
