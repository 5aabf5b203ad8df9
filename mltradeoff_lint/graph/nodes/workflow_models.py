"""Models, chains and agents that are themselves steps of a workflow: running the workflow is what calls them.

`graph.add_node("answer", agent)` and `pipeline.add_component("llm", generator)` have no call of the model of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.resolve.domain import CallRef, Library, Made
from mltradeoff_lint.resolve.running.workflows import opened
from mltradeoff_lint.resolve.sites import Use

_RUN = ("invoke", "run", "kickoff")
"""The method by which a workflow runs a step that is an object of a library."""

Steps = dict[CallRef, list[Library]]


def workflow_calls(work: Workspace) -> Iterator[Use]:
    """The calls that run a workflow with a model among its steps, each as a call of the first of these models."""
    runs = work.sites.of_kind("workflow-run")
    steps = _steps(work) if any(use.value.made for use in runs) else {}
    for use in runs if steps else ():
        held = _held(steps, use.value.made)
        meanings = [meaning for value in held if (meaning := _calling(work, value)) is not None]
        if meanings:
            made = tuple(dict.fromkeys(made for value in held if _calling(work, value) for made in value.made))
            yield Use(use.ref, meanings[0], Library(meanings[0].path, made))


def _steps(work: Workspace) -> Steps:
    """Workflow, by the call that constructs it -> the objects of libraries that are steps of it."""
    found: Steps = {}
    for use in work.sites.of_kind("workflow"):
        into = use.meaning.selectors("into")
        graphs = [made.call for made in use.value.made] if into and into[0].role == "self" else [use.ref]
        for expr in work.sites.select(use.ref, use.meaning.selectors("steps")):
            for value in opened(work.resolver.values(use.ref.path, expr)):
                if isinstance(value, Library) and value.made:
                    for graph in graphs:
                        found.setdefault(graph, []).append(value)
    return found


def _held(steps: Steps, made: tuple[Made, ...]) -> tuple[Library, ...]:
    """The steps of a workflow and of the workflows among its steps."""
    found: dict[Library, None] = {}
    pending = [one.call for one in made]
    seen = set(pending)
    while pending:
        for value in steps.get(pending.pop(), ()):
            found[value] = None
            inner = [one.call for one in value.made if one.call not in seen]
            seen.update(inner)
            pending += inner
    return tuple(found)


def _calling(work: Workspace, step: Library) -> Meaning | None:
    """The row of the call by which a step is run; None for a step that is no model and holds none."""
    if not any(use.meaning.kind == "client" for one in step.made for use in work.sites.at(one.call)):
        return None
    for name in _RUN:
        for meaning in work.resolver.program.meanings("calls", f"{step.path}.{name}"):
            if meaning.kind == "model-call":
                return meaning
    return None
