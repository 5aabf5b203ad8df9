"""What a shell script or Makefile assigns: texts with variables, lists, branches and loops."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.facts import Assignment, Shell
from mltradeoff_lint.readers import makefile, shell


def assigned(text: str) -> list[tuple[str, str | None, str, bool]]:
    """Name, literal value, text and whether it stands in a branch, of every assignment of a script."""
    content = shell.read(text, "run.sh").content
    assert isinstance(content, Shell)
    return [said(one) for one in content.assignments]


def said(one: Assignment) -> tuple[str, str | None, str, bool]:
    return one.name, one.value, one.text, one.is_conditional


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=b\n", ("A", "b", "", False)),
        ("A=$B/c\n", ("A", None, "$B/c", False)),
        ("A=(--x $B)\n", ("A", None, "(--x $B)", False)),
        ("A+=b\n", ("A", None, "", False)),
        ("if x; then A=b; fi\n", ("A", "b", "", True)),
        ("while x; do\n  export A=b\ndone\n", ("A", "b", "", True)),
        ("case $x in\n  y) A=b ;;\nesac\n", ("A", "b", "", True)),
        ("test -f x || A=b\n", ("A", "b", "", True)),
        ("test -f x &&\n  A=b\n", ("A", "b", "", True)),
        ("if x; then y; fi; A=b\n", ("A", "b", "", False)),
        ("x | y; A=b\n", ("A", "b", "", False)),
        ("echo if; A=b\n", ("A", "b", "", False)),
    ],
)
def test_an_assignment_keeps_its_text_and_whether_it_may_not_run(
    text: str, expected: tuple[str, str | None, str, bool]
) -> None:
    assert assigned(text) == [expected]


def test_a_loop_gives_its_variable_each_word() -> None:
    assert assigned("for a in x $Y; do run; done\n") == [("a", "x", "", False), ("a", None, "$Y", True)]


def test_a_makefile_keeps_the_first_of_its_defaults_and_writes_references_as_a_shell_does() -> None:
    content = makefile.read("A = b\nA ?= c\nD := $(A)/e $$HOME\nF != date\n", "Makefile").content

    assert isinstance(content, Shell)
    assert [said(one)[:3] for one in content.assignments] == [
        ("A", "b", ""),
        ("D", None, "${A}/e $HOME"),
        ("F", None, ""),
    ]


def test_the_target_of_a_recipe_stands_for_its_automatic_variable() -> None:
    recipe = "data/a.csv: b.csv c.csv\n\ttouch $@\n\techo $$@\n"
    content = makefile.read(f"{recipe}%.csv:\n\ttouch $@\nx y:\n\ttouch $@\n", "Makefile").content
    assert isinstance(content, Shell)
    words = [command.words for command in content.commands]
    assert words == [("touch", "data/a.csv"), ("echo", "$@"), ("touch", "$@"), ("touch", "$@")]
