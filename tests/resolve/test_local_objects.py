"""Methods that are never run on an object of a local name see nothing of what that object was made with."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

REPORT = """class Report:
    def __init__(self, name):
        self.name = name
        {more}
    def summary(self):
        return self.stats()
    def stats(self):
        return len(self.name)
    def features(self):
        probe(self.name)
"""
KEPT = "report = Report('a')\nreport.features()\n"


def seen(lines: str, more: str = "pass", report: str = REPORT) -> list[str]:
    """What the method sees where a function uses another object in some lines."""
    body = "\n".join(f"    {line}" for line in lines.splitlines())
    return probe(f"{report.replace('{more}', more)}\n{KEPT}def run(items, load):\n{body}\n")


@pytest.mark.parametrize(
    "lines",
    [
        "r = Report('b')\nr.summary()",
        "Report('b').summary()",
        "r = Report('b')\nr.title = 'x'\nr.summary()",
        "r = Report('b')\nreturn r.summary()",
        "r = Report('b')\nreturn r.name",
        "r = Report('b')\nreturn [r.summary() for _ in items]",
        "r = Report('b')\nload(r.summary)",
    ],
)
def test_an_object_of_a_local_name_runs_what_is_called_on_it(lines: str) -> None:
    assert seen(lines) == ["'a'"]


@pytest.mark.parametrize(
    "lines",
    [
        "r = Report('b')\nr.features()",
        "Report('b').features()",
        "r = Report('b')\nload(r.features)",
        "r = Report('b')\nreturn r",
        "return Report('b')",
        "r = Report('b')\nload(r)",
        "load(Report('b'))",
        "r = Report('b')\nitems['k'] = r",
        "r = Report('b')\nitems.report = r",
        "r = Report('b')\nitems.inner.report = r",
        "items.report = r = Report('b')",
        "r = Report('b')\nwith r as s:\n    s.features()",
        "r = Report('b')\nfor one in r:\n    one.features()",
        "r = Report('b')\ns = r\ns.features()",
        "r = Report('b')\ns = [r]\ns[0].features()",
        "global r\nr = Report('b')\nr.summary()",
        "r = Report('b') if items else None\nload(r)",
        "r = None\nif items:\n    r = Report('b')\nr.features()",
        "r = None\nfor a in load:\n    r and r.features()\n    for b in a:\n        r = Report('b')\n        r.stats()",
        "r = Report('b')\nreturn lambda: r.features()",
        "r = Report('b')\ndef inner():\n    return r\nreturn inner",
        "r = Report('b')\nyield r",
        "r = Report('b')\nReport.features(r)",
    ],
)
def test_an_object_that_escapes_may_run_every_method(lines: str) -> None:
    assert seen(lines) == ["'a'", "'b'"]


@pytest.mark.parametrize(
    "more",
    ["self.stats = self.features", "REGISTRY.append(self)", "self.child = Child(self)", "self.features()",
     "self.todo = lambda: self.features()", "REGISTRY['k'] = self", "getattr(self, name)()"],
)  # fmt: skip
def test_an_object_that_its_constructor_hands_on_may_run_every_method(more: str) -> None:
    assert seen("r = Report('b')\nr.summary()", more) == ["'a'", "'b'"]


@pytest.mark.parametrize(
    "change",
    [
        ("        return self.stats()", "        return self.features()"),
        ("        return self.stats()", "        return self"),
        ("        return len(self.name)", "        self.features()"),
        ("        return len(self.name)", "        return [self.features() for _ in 'ab']"),
        ("    def summary(self):", "    @hook\n    def summary(self):"),
        ("class Report:", "@hook\nclass Report:"),
        ("class Report:", "class Report(Thread):"),
        ("    def stats(self):", "    def __del__(self):\n        self.features()\n    def stats(self):"),
        ("    def stats(self):", "    @property\n    def stats(self):\n        self.features()\n    def others(self):"),
        ("    def stats(self):", "    stats = other\n    def others(self):"),
    ],
)
def test_what_a_method_runs_on_its_object_counts(change: tuple[str, str]) -> None:
    before = "from threading import Thread\ndef hook(f):\n    def g(self):\n        return f(self)\n    return g\n"
    report = before + REPORT.replace(*change)

    assert "'b'" in seen("r = Report('b')\nr.summary()", report=report)


def test_a_method_of_a_base_sees_the_objects_that_run_it() -> None:
    base = "class Base:\n    def run(self):\n        self.features()\n"
    report = base + REPORT.replace("class Report:", "class Report(Base):")

    assert seen("r = Report('b')\nr.summary()", report=report) == ["'a'"]
    assert seen("r = Report('b')\nr.run()", report=report) == ["'a'", "'b'"]


def test_a_method_that_no_object_is_known_to_run_sees_all() -> None:
    source = REPORT.replace("{more}", "pass") + "def run():\n    r = Report('b')\n    r.summary()\n"

    assert probe(f"{source}def further():\n    r = Report('c')\n    r.stats()\n") == ["'b'", "'c'"]


def test_an_object_of_a_derived_class_keeps_all() -> None:
    derived = "class Other(Report):\n    def summary(self):\n        self.features()\n"
    source = REPORT.replace("{more}", "pass") + derived + KEPT

    assert probe(f"{source}def run():\n    r = Other('b')\n    r.summary()\n") == ["'a'", "'b'"]
