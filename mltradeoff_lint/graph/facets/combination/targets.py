"""What models predict, as far as the names of their artefacts say it: a click, a purchase, a return.

`0.1 * click + 2 * purchase` weighs goals against each other, whereas an ensemble weighs opinions on one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mltradeoff_lint.graph.facets.combination.identity import Member

_TARGETS = {
    "abandonment": "abandonment", "amount": "amount", "basket": "basket", "bounce": "bounce", "buy": "purchase",
    "cancellation": "cancellation", "churn": "churn", "click": "click", "comment": "comment",
    "completion": "completion", "complaint": "complaint", "conversion": "conversion", "cost": "cost", "ctr": "click",
    "cvr": "conversion", "default": "default", "delay": "delay", "demand": "demand", "dislike": "dislike",
    "dwell": "dwell", "engagement": "engagement", "follow": "follow", "fraud": "fraud", "impression": "impression",
    "install": "install", "like": "like", "loss": "loss", "ltv": "value", "margin": "margin", "open": "open",
    "order": "order", "price": "price", "profit": "profit", "purchase": "purchase", "quality": "quality",
    "relevance": "relevance", "reply": "reply", "report": "report", "retention": "retention", "return": "return",
    "revenue": "revenue", "save": "save", "sale": "sale", "satisfaction": "satisfaction", "severity": "severity",
    "share": "share", "signup": "signup", "skip": "skip", "toxicity": "toxicity", "unsubscribe": "unsubscribe",
    "upvote": "upvote", "value": "value", "view": "view", "watch": "watch",
}  # fmt: skip
"""Words for what people and goods do, with the one name of the goal each stands for."""


def are_different_goals(members: Sequence[Member]) -> bool:
    """Whether every member is named after what it predicts, and no two after the same."""
    goals = [_goals(one) for one in members]
    named = [goal for one in goals for goal in one]
    return len(members) > 1 and all(goals) and len(named) == len(set(named))


def _goals(member: Member) -> frozenset[str]:
    """The goals that the file name of an artefact speaks of; a plural is the singular, and `p_click` a click."""
    if member.kind != "artefact":
        return frozenset()
    stem = re.sub(r"\.\w+$", "", re.split(r"[/\\]", member.label.rstrip("/"))[-1].lower())
    words = (word.removesuffix("s") for word in re.split(r"[^a-z]+", stem))
    return frozenset(_TARGETS[word] for word in words if word in _TARGETS)
