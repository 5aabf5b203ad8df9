"""What a file is for, by where it lies and what it is called: tests, tutorials, copies kept aside."""

from __future__ import annotations

import re

_TEST = re.compile(
    r"(^|/)(tests?|testing|e2e|integration_tests?|unit_tests?|functional_tests?|conftest\.py|testdata|mocks?|fixtures?)(/|$)"
    r"|(^|/)test_[^/]*\.(py|ipynb)$|_tests?\.py$|(^|/)tests?\.py$|(^|/)conftest\.py$",
    re.IGNORECASE,
)
_TUTORIAL = re.compile(
    r"(^|/)(docs?|documentation|examples?|example_\w+|tutorials?|cookbooks?|samples?|demos?|cohorts|lessons?|courses?|"
    r"exercises?|homeworks?|workshops?|trash|archive[ds]?|deprecated|legacy|old|obsolete|quickstarts?|playground|snippets|"
    r"benchmarks?|cookiecutter[^/]*|templates?)(/|$)|\{\{",
    re.IGNORECASE,
)

_EVALUATION = re.compile(
    r"(^|/)(evals?|evaluations?|evaluators?|benchmarks?|benchmarking|\w+_evals?|\w+_evaluation|evaluation_\w+|\w+_benchmarks?)(/|$)|"
    r"(^|/)(evals?|evaluate|evaluation|benchmark|eval_\w+|evaluate_\w+|\w+_evals?|benchmark_\w+|\w+_benchmark)\.(py|ipynb)$",
    re.IGNORECASE,
)


def is_test(path: str) -> bool:
    """Whether a file is a test or serves only tests."""
    return bool(_TEST.search(path))


def is_tutorial(path: str) -> bool:
    """Whether a file stands in a folder of documentation, examples, course material or things kept aside."""
    return bool(_TUTORIAL.search(path))


def is_evaluation(path: str) -> bool:
    """Whether a file measures models rather than runs them: it stands in a folder of evaluations or is called one."""
    return bool(_EVALUATION.search(path))
