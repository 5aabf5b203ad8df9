"""A hole is called after what its expression reads, and two parts of one text that differ have two names."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("frame['label'].iloc[0]", "label"),
        ("frame['label'].values[0]", "label"),
        ("frame.loc[0, 'label']", "label"),
        ("frame.loc[0]['label']", "label"),
        ("frame.at[row, 'label']", "label"),
        ("frame['label'].item()", "label"),
        ("frame['label'].tolist()[0]", "label"),
        ("frame.iloc[0]", "frame"),
        ("frame.mean().iloc[0, 0]", "frame"),
        ("frame.get('label')", "label"),
        ("str(frame['label'])", "label"),
        ("frame.label.strip()", "label"),
    ],
)
@pytest.mark.parametrize(
    "text", ["f'{{{0}}}/x'", "{0} + '/x'", "'{{}}/x'.format({0})", "'{{0}}/x'.format({0})", "'%s/x' % {0}"]
)
def test_what_only_takes_a_part_gives_a_hole_no_name(text: str, expression: str, name: str) -> None:
    quoted = text.format(expression.replace("'", '"') if text.startswith("f") else expression)

    assert probe(f"def save(frame, row):\n    probe({quoted})") == [f"f'{{{name}}}/x'"]


@pytest.mark.parametrize(
    "text",
    ["'{}/push/{}'.format(branch, rev)", "'{0}/push/{1}'.format(branch, rev)", "'%s/push/%s' % (branch, rev)"],
)
def test_a_field_without_a_name_goes_by_the_argument_that_fills_it(text: str) -> None:
    assert probe(f"def ask(branch, rev):\n    probe({text})") == ["f'{branch}/push/{rev}'"]


def test_an_argument_without_a_name_goes_by_its_place() -> None:
    assert probe("def ask(make):\n    probe('{}/push/{}'.format(make(), make))") == ["f'{0}/push/{make}'"]


@pytest.mark.parametrize(
    ("joined", "name"),
    [
        ("names", "names"),
        ("self.names", "names"),
        ("map(str, names)", "names"),
        ("[str(one) for one in names]", "names"),
        ("sorted(names)", "names"),
        ("names + others", "listed"),
    ],
)
def test_a_joined_text_is_called_after_what_is_joined_or_the_name_it_is_kept_under(joined: str, name: str) -> None:
    code = f"def ask(self, names, others):\n    listed = ', '.join({joined})\n    probe(f'in ({{listed}})')"

    assert probe(code) == [f"f'in ({{{name}}})'"]


def test_elements_of_one_list_are_told_apart_by_their_places() -> None:
    assert probe("def ask(key):\n    probe(f'{key[0]}/{key[1]}')") == ["f'{key[0]}/{key[1]}'"]
    assert probe("def ask(key):\n    probe('{}/{}'.format(key[0], key[1]))") == ["f'{key[0]}/{key[1]}'"]
    assert probe("def ask(key):\n    probe(f'{key[0]}/x')") == ["f'{key}/x'"]


def test_a_text_that_a_method_changes_is_called_after_both() -> None:
    code = "def ask(name):\n    text = f'{name}/x'\n    probe(text.replace(name, '') + '/y')"

    assert probe(code) == ["f'{text.replace}/y'"]
