"""Files that a read takes out of a git repository by its address, as `dvc.api.open(path, repo=...)` does."""

from __future__ import annotations

import re

from mltradeoff_lint.graph.facets.pins import Pin
from mltradeoff_lint.graph.nodes.location_values import LocationValues
from mltradeoff_lint.graph.nodes.places import Place, lost, short
from mltradeoff_lint.resolve.domain import Frame, Literal, is_none
from mltradeoff_lint.resolve.sites import Use

_ADDRESS = re.compile(r"\w+://|[\w.-]+@[\w.-]+:")
_NO_REVISION = Pin(
    "mutable-implicit", "no revision is named, so the newest commit is read", "pass a commit or tag as rev"
)


def elsewhere(
    values: LocationValues, use: Use, text: str, provenance: str, frame: Frame | None, pin: Pin | None
) -> Place | None:
    """The place of a path in the repository that a call names; None where it is a path of the code's own one."""
    if not use.meaning.selectors("repository"):
        return None
    named = [one for one in values.of(use, frame, "repository") if not is_none(one)]
    if not named:
        return lost("a repository that did not resolve") if _is_open(values, use) else None
    addresses = [str(one.value) for one in named if isinstance(one, Literal)]
    if len(named) > 1 or not addresses:
        return lost("a repository that did not resolve")
    if not _ADDRESS.match(addresses[0]):
        return None if addresses[0].strip("./") == "" else lost("a repository on the machine that runs the code")
    whole = f"{addresses[0].rstrip('/')}/{text.lstrip('/')}"
    return Place(whole, short(whole), "http", pin or _NO_REVISION, provenance, text)


def _is_open(values: LocationValues, use: Use) -> bool:
    """Whether a repository may be among the arguments that a call unpacks."""
    return not values.exprs(use, "repository") and values.may_be_given(use, "repository")
