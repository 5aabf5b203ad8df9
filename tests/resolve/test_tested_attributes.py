"""Tests that ask about an attribute: what they leave of it, of its copies, and of what is written under them."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

SETTINGS = """
class Inner:
    url = ""
    kind = "a"
class Other(Inner):
    url = "host:1"
    kind = "b"
class Settings:
    inner = Inner() if load() else Other()
settings = Settings()
"""


@pytest.mark.parametrize(
    "lines",
    [
        "if settings.inner.url:\n    url = settings.inner.url\n    probe(f'http://{url}')",
        "if settings.inner.url and check(settings.inner.url):\n    url = settings.inner.url\n    probe(f'http://{url}')",
        "url = settings.inner.url\nif settings.inner.url:\n    probe(f'http://{url}')",
        "if settings.inner.url:\n    probe(f'http://{settings.inner.url}')",
        "if not settings.inner.url:\n    raise ValueError\nprobe(f'http://{settings.inner.url}')",
        "probe(f'http://{settings.inner.url}' if settings.inner.url else 'http://host:1')",
        "if settings.inner.url.startswith('host'):\n    probe(f'http://{settings.inner.url}')",
    ],
)
def test_a_test_of_an_attribute_leaves_what_passes_it(lines: str) -> None:
    body = "\n".join(f"    {line}" for line in lines.split("\n"))

    assert probe(f"{SETTINGS}def run(settings=settings):\n{body}\nrun()\n") == ["'http://host:1'"]


def test_a_test_of_a_name_tells_of_its_copy() -> None:
    source = "def run(url):\n    if url:\n        copy = url\n        probe(f'http://{copy}')\nrun('')\nrun('host:1')\n"

    assert probe(source) == ["'http://host:1'"]


def test_a_copy_of_an_attribute_that_is_bound_anew_is_not_told_of() -> None:
    source = (
        f"{SETTINGS}def run(one=settings):\n    url = one.inner.url\n    one = other()\n"
        "    if one.inner.url:\n        probe(f'http://{url}')\nrun()\n"
    )

    assert "'http://'" in probe(source)


@pytest.mark.parametrize("before", ["probe(settings.inner.url)", "url = settings.inner.url\n    probe(url)"])
def test_what_is_read_in_front_of_a_test_or_in_its_other_branch_is_not_told_of(before: str) -> None:
    lines = f"    {before}\n    if settings.inner.url:\n        use(settings.inner.url)\n"

    assert probe(f"{SETTINGS}def run(settings=settings):\n{lines}run()\n") == ["''", "'host:1'"]


def test_each_branch_of_a_test_of_an_attribute_holds_what_leads_there() -> None:
    lines = "    if one.inner.kind == 'a':\n        use(one.inner.kind)\n    else:\n        probe(one.inner.kind)\n"

    assert probe(f"{SETTINGS}def run(one=settings):\n{lines}run()\n") == ["'b'"]


FILLED = """
class Model:
    def __init__(self):
        self.url = ""
    def fill(self):
        self.url = "host:1"
    def run(self):
        if TEST:
            self.fill()
            probe(f'http://{self.url}')
"""


@pytest.mark.parametrize("test", ["not self.url", "self.url == ''", "self.url is None"])
def test_what_is_filled_because_it_is_missing_may_be_there_behind_the_test(test: str) -> None:
    assert "'http://host:1'" in probe(FILLED.replace("TEST", test))


KINDS = """
class Scraper:
    def __init__(self, kind, url=None):
        self.kind = kind
        self.name = None
        self.url = url
    def clean(self):
        if self.name is None:
            self.name = self.kind
        if self.kind == "a":
            self.url = "http://a"
        elif self.kind == "b":
            self.url = "http://b"
"""


def test_what_is_written_under_a_test_that_an_object_cannot_pass_is_not_written_to_it() -> None:
    assert probe(f"{KINDS}probe(Scraper('a').url)\n") == ["'http://a'"]
    assert probe(f"{KINDS}probe(Scraper('b', 'http://own').url)\n") == ["'http://b'", "'http://own'"]
    assert probe(f"{KINDS}probe(Scraper(load() or 'a').url)\n") == ["'http://a'", "'http://b'"]


def test_a_member_of_an_enumeration_is_compared_by_what_it_stands_for() -> None:
    enumeration = "import enum\nclass Kind(enum.StrEnum):\n    A = 'a'\n    B = 'b'\n"
    source = KINDS.replace('"a":', "Kind.A:").replace('"b":', "Kind.B:")

    assert probe(f"{enumeration}{source}probe(Scraper(Kind.A).url)\n") == ["'http://a'"]


def test_what_code_outside_sets_decides_nothing() -> None:
    source = f"{KINDS}one = Scraper('a')\none.kind = load()\nprobe(Scraper('a').url)\n"

    assert probe(source) == ["'http://a'", "'http://b'"]
