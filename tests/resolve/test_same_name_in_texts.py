"""A name that goes into a text directly and through another text is one thing in both places."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CALLS = "run('a')\nrun('b')\n"


@pytest.mark.parametrize(
    "lines",
    [
        "w = f\"p='{x}'\"\n    probe(f\"{w} and r='{x}'\")",
        "w = \"p='%s'\" % x\n    probe(\"%s and r='%s'\" % (w, x))",
        'w = "p=\'" + x + "\'"\n    probe(w + " and r=\'" + x + "\'")',
        'w = f"p=\'{x}\'"\n    v = f"{w} and"\n    probe(f"{v} r=\'{x}\'")',
        'w = f"p=\'{x}\'"\n    v = f"r=\'{x}\'"\n    probe(f"{w} and {v}")',
        "w = \"p='{}'\".format(x)\n    probe(f\"{w} and r='{x}'\")",
    ],
)
def test_parts_of_a_text_that_come_from_one_name_agree(lines: str) -> None:
    found = probe(f"def run(x):\n    {lines}\n{CALLS}")

    assert found == ["\"p='a' and r='a'\"", "\"p='b' and r='b'\""]


def test_names_that_do_not_change_together_are_put_together_freely() -> None:
    source = f"def run(x):\n    y = 'c' if load() else 'd'\n    w = f'{{y}}/{{y}}'\n    probe(f'{{w}}/{{x}}')\n{CALLS}"

    assert probe(source) == ["'c/c/a'", "'c/c/b'", "'d/d/a'", "'d/d/b'"]


def test_a_name_that_is_bound_anew_between_is_another() -> None:
    source = f"def run(x):\n    w = f'{{x}}'\n    x = 'c' if load() else 'd'\n    probe(f'{{w}}-{{x}}')\n{CALLS}"

    assert probe(source) == ["'a-c'", "'a-d'", "'b-c'", "'b-d'"]
