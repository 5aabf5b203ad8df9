"""The model ids that the callers of a wrapper decide: `ask(prompt, model="gpt-4o")` around the call of a model."""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import known_texts
from mltradeoff_lint.resolve.sites import Use
from mltradeoff_lint.resolve.summaries.deciders import deciding_call
from mltradeoff_lint.resolve.summaries.model import MAX_HOPS

MAX_PASSED = 12
"""Ids kept for one call: enough to see what a wrapper is used for."""


class PassedModel(NamedTuple):
    """One model id, and the call that passes it."""

    model: str
    site: Site


def passed_models(work: Workspace, use: Use) -> tuple[PassedModel, ...]:
    """The ids that callers pass down to a call or to the construction of its client; empty when it names its own."""
    clients = [one for made in use.value.made for one in work.sites.at(made.call) if one.meaning.kind == "client"]
    found: dict[PassedModel, None] = {}
    for one in (use, *clients):
        holder = work.reach.holder(one.ref)
        for frame in work.deciders.frames(one, holder, "model-id", MAX_HOPS):
            values = work.sites.setting(one, "model", frame)
            texts = known_texts(values)
            if len(texts) == len(values) == 1:
                found[PassedModel(texts[0], work.site(deciding_call(frame)))] = None
    return tuple(sorted(found, key=lambda one: (one.model, one.site)))[:MAX_PASSED]
