"""When code runs only while what it makes is not there yet."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.calls.first_time import is_first_time
from tests.resolve.sample import repository


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if model is None: model = make()", True),
        ("if model == None: model = make()", True),
        ("if not model: model = make()", True),
        ("if not self.model: self.model = make()", True),
        ("if key not in cache: cache[key] = make()", True),
        ("if not cache.get(key): cache[key] = make()", True),
        ("if not hasattr(self, 'model'): self.model = make()", True),
        ("if getattr(self, 'model', None) is None: self.model = make()", True),
        ("if self.model is None and flag:\n    with lock:\n        self.model = make()", True),
        ("if model is not None:\n    pass\nelse:\n    model = make()", True),
        ("def f():\n    if self.model is not None: return self.model\n    self.model = make()", True),
        ("def f():\n    if key in cache: return cache[key]\n    cache[key] = make()", True),
        ("if not path.exists(): make()", True),
        ("if model is not None: model = make()", False),
        ("if model: model = make()", False),
        ("if question is None: model = make()", False),
        ("if not question: question = 1\nmodel = make()", False),
        ("if x > 1: x = make()", False),
        ("model = make()", False),
        ("while model is None: model = make()", False),
    ],
)
def test_a_region_is_for_the_first_time_when_it_writes_what_was_absent(source: str, expected: bool) -> None:
    found = repository("def make(): ...\n" + source)
    facts = found.resolver.facts("app.py")
    (call,) = [one for one in facts.calls if facts.exprs[one.function][:2] == ("name", "make")]
    assert is_first_time(facts, call.region) is expected
