"""What a file is for, by where it lies and what it is called: tests, tutorials, copies kept aside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol, TypeVar


class Placed(Protocol):
    """Anything that stands in a file."""

    @property
    def path(self) -> str:
        """The file."""


Place = TypeVar("Place", bound=Placed)

_TEST = re.compile(
    r"(^|/)(tests?|testing|e2e|integration_tests?|unit_tests?|functional_tests?|conftest\.py|testdata|mocks?|fixtures?)(/|$)"
    r"|(^|/)test[-_][^/]*\.(py|ipynb)$|_tests?\.py$|(^|/)tests?\.py$|(^|/)conftest\.py$",
    re.IGNORECASE,
)
_TUTORIAL = re.compile(
    r"(^|/)(docs?|documentation|examples?|example_\w+|tutorials?|cookbooks?|samples?|demos?|cohorts|lessons?|courses?|"
    r"exercises?|homeworks?|workshops?|trash|scratch(pad)?|debugging|archive[ds]?|deprecated|legacy|old|obsolete|quickstarts?|playground|snippets|"
    r"benchmarks?|cookiecutter[^/]*|templates?)(/|$)|\{\{|"
    r"[-_]examples?\.(py|ipynb)$|(^|/)examples?[-_][^/]*\.(py|ipynb)$",
    re.IGNORECASE,
)

_EVALUATION = frozenset(
    ["eval", "evals", "evaluate", "evaluation", "evaluations", "evaluator", "evaluators", "judge", "judges", "bench",
     "benches", "benchmark", "benchmarks", "benchmarking", "evaluating"]
)  # fmt: skip
_WORD = re.compile(r"[A-Za-z0-9]+")


@lru_cache(maxsize=1 << 16)
def is_test(path: str) -> bool:
    """Whether a file is a test or serves only tests."""
    return bool(_TEST.search(path))


def in_use(path: str, places: Iterable[Place]) -> tuple[Place, ...]:
    """The places that say something of code in a file: what tests pass and make are doubles, good for tests alone."""
    return tuple(places) if is_test(path) else tuple([one for one in places if not is_test(one.path)])


def is_tutorial(path: str) -> bool:
    """Whether a file stands in a folder of documentation, examples, course material or things kept aside."""
    return bool(_TUTORIAL.search(path))


def names_evaluation(path: str) -> bool:
    """Whether a word of a path is one for measuring models, wherever it stands."""
    return not _EVALUATION.isdisjoint(_WORD.findall(path.lower()))


def is_aside(path: str) -> bool:
    """Whether a file tries things out and is not operated: a test, an evaluation, a tutorial, a notebook."""
    return is_test(path) or is_evaluation(path) or is_tutorial(path) or path.endswith(".ipynb")


def is_evaluation(path: str) -> bool:
    """Whether a file measures models rather than runs them: it, or a folder of it, starts or ends with such a word."""
    for part in path.lower().removesuffix(".py").removesuffix(".ipynb").split("/"):
        words = _WORD.findall(part)
        if words and (words[0] in _EVALUATION or words[-1] in _EVALUATION):
            return True
    return False
