"""A way through a method that another class overrides goes on only for objects of that class."""

from __future__ import annotations

import pytest

from tests.resolve.prepared import Prepared, prepared

ROLES = """\
class Role:
    def run(self):
        return self.react()

    def react(self):
        return self.observe()

    def observe(self):
        return 0


class Other(Role):
    pass


class Town(Role):
    def observe(self):
        return 1


"""


def _above(source: str, name: str = "Town.observe") -> set[str]:
    found = prepared(ROLES + source)
    return {_name(found, one.scope) for one in found.reach.ancestors(found.function("app.py", name))}


def _name(found: Prepared, scope: int) -> str:
    return found.resolver.facts("app.py").scopes[scope].qualname


@pytest.mark.parametrize(
    "source",
    [
        "def f(): Other().run()",
        "def f(): Role().run()",
        "def f():\n role = Other()\n role.run()",
        "def make(): return Other()\ndef f(): make().run()",
        "class More(Other):\n def run(self):\n  return super().run()\ndef f(): More().run()",
        "class More(Other):\n def go(self):\n  return self.run()\ndef f(): More().go()",
    ],
)
def test_an_object_of_another_class_leads_to_no_override(source: str) -> None:
    assert "f" not in _above(source)
    assert {"Role.run", "Role.react"} <= _above(source)


@pytest.mark.parametrize(
    "source",
    [
        "def f(): Town().run()",
        "class More(Town): pass\ndef f(): More().run()",
        "class More(Town):\n def run(self):\n  return super().run()\ndef f(): More().run()",
        "class More(Town):\n def go(self):\n  return self.run()\ndef f(): More().go()",
        "class Both(Other, Town): pass\ndef f(): Both().run()",
        "class Both(Other, Town): pass\ndef f(role: Other): role.run()",
        "def f(role: Role): role.run()",
        "def f():\n for role in [Other(), Town()]: role.run()",
        "def f(flag):\n role = Other() if flag else Town()\n role.run()",
        "from roles import made\ndef f(flag):\n role = Other() if flag else made()\n role.run()",
        "def f(): Role.run(Town())",
    ],
)
def test_an_object_that_may_be_of_the_class_leads_to_its_override(source: str) -> None:
    assert "f" in _above(source)


def test_each_caller_has_a_way_of_its_own() -> None:
    found = prepared(ROLES + "def f(): Other().run()\ndef g(): Town().run()\n")
    observe, other = found.function("app.py", "Town.observe"), found.function("app.py", "Role.observe")
    f, g = found.function("app.py", "f"), found.function("app.py", "g")
    assert [_name(found, one.scope) for one, _ in found.reach.path_down(g, observe)] == ["g", "Role.run", "Role.react"]
    assert found.reach.path_down(f, observe) == ()
    assert [_name(found, one.scope) for one, _ in found.reach.path_down(f, other)] == ["f", "Role.run", "Role.react"]


def test_a_longer_way_around_the_override_is_found() -> None:
    source = """\
class Base:
    def run(self):
        self.step()
        first()

    def step(self):
        return 0


class Sub(Base):
    def step(self):
        ask()


class Plain(Base):
    pass


def first(): second()
def second(): ask()
def ask(): ...
def f(): Plain().run()
"""
    found = prepared(source)
    f, ask = found.function("app.py", "f"), found.function("app.py", "ask")
    names = [_name(found, one.scope) for one, _ in found.reach.path_down(f, ask)]
    assert names == ["f", "Base.run", "first", "second"]


@pytest.mark.parametrize(("made", "is_run"), [("Sub", True), ("Other", False), ("Base", False), ("More", True)])
def test_a_constructor_runs_the_override_of_the_class_that_is_made(made: str, is_run: bool) -> None:
    source = """\
class Base:
    def __init__(self):
        self.prepare()

    def prepare(self):
        self.load()

    def load(self): ...


class Other(Base):
    pass


class Sub(Base):
    def load(self): ...


class More(Sub):
    def __init__(self):
        super().__init__()


def f(): MADE()
"""
    found = prepared(source.replace("MADE", made))
    load, f = found.function("app.py", "Sub.load"), found.function("app.py", "f")
    assert (f in found.reach.ancestors(load)) is is_run
