"""`a + b` is a text where one side is known to be one; of two other values that are not known it is one open hole."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe, repository


def described(expression: str, parameters: str = "a, b", before: str = "") -> list[str]:
    """What an expression of two parameters is that nobody passes."""
    return probe(
        f"import os\nfrom pathlib import Path\nimport time\ndef f({parameters}):\n    {before}probe({expression})\n"
    )


@pytest.mark.parametrize(
    "expression", ["a + b", "a + a", "a + b + a", "a.total + b.total", "a[0] + b[1]", "len(a) + b"]
)
def test_a_sum_of_values_that_are_not_known_is_no_text(expression: str) -> None:
    assert described(expression) == ["?"]


@pytest.mark.parametrize("expression", ["(a + b).total", "(a + b).lower()"])
def test_a_part_of_such_a_sum_is_no_part_of_a_text(expression: str) -> None:
    assert described(expression) == ["?"]


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("f'{a + b}.csv'", "{a + b}.csv"),
        ("f'{a + a}.csv'", "{a + a}.csv"),
        ("f'{a.total + len(b)}.csv'", "{sum}.csv"),
        ("'%s.csv' % (a + b)", "{0}.csv"),
        ("'{}.csv'.format(a + b)", "{0}.csv"),
        ("os.path.join('data', a + b)", "data/{part}"),
    ],
)
def test_such_a_sum_is_one_hole_of_a_text(expression: str, text: str) -> None:
    assert described(expression) == [f"f'{text}'"]


def test_a_sum_under_a_name_is_a_hole_of_that_name() -> None:
    assert described("f'id IN {ids}'", before="ids = a + a\n    ") == ["f'id IN {ids}'"]
    assert described("ids + '.csv'", before="ids = a + a\n    ") == ["f'{ids}.csv'"]


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("a + b + '.csv'", "{a}{b}.csv"),
        ("'data/' + a + b", "data/{a}{b}"),
        ("'data/' + (a + b)", "data/{a}{b}"),
        ("a + (b + '.csv')", "{a}{b}.csv"),
        ("a + a + b + '.csv'", "{a}{a}{b}.csv"),
        ("a + f'{b}'", "{a}{b}"),
        ("str(a) + b", "{a}{b}"),
        ("a + b.lower()", "{a}{b.lower}"),
        ("a + b.strip()", "{a}{b}"),
        ("a + ''", "{a}"),
        ("a + os.environ['NAME']", "{a}{env:NAME}"),
        ("os.path.join(a, b) + b", "{a}/{b}{b}"),
        ("a + time.strftime('%Y')", "{a}{?}"),
    ],
)
def test_a_sum_with_a_text_is_a_text(expression: str, text: str) -> None:
    assert described(expression) == [f"f'{text}'"]


@pytest.mark.parametrize("annotation", ["str", "'str'", "Optional[str]", "str | None", "os.PathLike"])
def test_an_annotated_text_makes_the_sum_a_text(annotation: str) -> None:
    assert described("a + b", f"a, b: {annotation}") == ["f'{a}{b}'"]


@pytest.mark.parametrize("annotation", ["int", "float", "tuple", "list[str]", "Callable[[str], int]", "dict[str, int]"])
def test_another_annotation_does_not(annotation: str) -> None:
    assert described("a + b", f"a, b: {annotation}") == ["?"]


def test_a_name_that_is_bound_to_a_text_makes_the_sum_a_text() -> None:
    assert described("name + b", before="name = str(a)\n    ") == ["f'{name}{b}'"]


@pytest.mark.parametrize(
    "body", ["total = a\n    total += b\n", "total = a\n    for one in b:\n        total += one\n"]
)
def test_a_step_on_values_that_are_not_known_makes_no_text(body: str) -> None:
    assert set(probe(f"def f(a, b):\n    {body}    probe(total)\n")) == {"?"}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("total = a\n    total += '.csv'\n", "{total}.csv"),
        ("total = 'x'\n    for one in b:\n        total += one\n", "x{more}"),
        ("total = a\n    for one in b:\n        total += f'{one}'\n", "{total}{more}"),
        ("total = a\n    for one in b:\n        total += ', '\n", "{total}{more}"),
    ],
)
def test_a_step_with_a_text_makes_a_text(body: str, text: str) -> None:
    assert f"f'{text}'" in probe(f"def f(a, b):\n    {body}    probe(total)\n")


def test_what_a_request_and_a_command_line_bring_is_still_put_together() -> None:
    source = "import argparse\nargs = argparse.ArgumentParser().parse_args()\nprobe(args.folder + args.name)\n"

    assert probe(source) == ["f'{option:folder}{option:name}'"]


def test_the_reason_names_what_is_added() -> None:
    (value,) = repository("def f(a, b):\n    probe(a + b)\n").values()

    assert getattr(value, "reason", "") == "the sum a + b"
