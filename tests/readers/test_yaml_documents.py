"""What the YAML reader keeps, and what it refuses to expand."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, Reading, Requirements
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.yaml_documents import MAX_DEPTH, MAX_ENTRIES, read


def root(text: str | bytes) -> Entry:
    reading = read(text, "a.yaml")
    assert reading.problems == ()
    assert isinstance(reading.content, Documents)
    return reading.content.roots[0]


def kinds(reading: Reading) -> list[ProblemKind]:
    return [problem.kind for problem in reading.problems]


def test_scalars_keep_their_text_and_get_the_kind_of_yaml_1_1() -> None:
    entry = root("a: 1.10\nb: on\nc: 'yes'\nd: 0x1F\ne: ~\nf:\ng: 2024-01-02\nh: y\ni: 'it''s'\n")
    found = {name: (value.kind, value.value) for name, _, value in entry.entries}
    assert found == {
        "a": ("float", "1.10"),
        "b": ("bool", "on"),
        "c": ("str", "yes"),
        "d": ("int", "0x1F"),
        "e": ("null", "~"),
        "f": ("null", ""),
        "g": ("date", "2024-01-02"),
        "h": ("str", "y"),
        "i": ("str", "it's"),
    }


def test_spans_of_block_collections_end_with_their_last_child() -> None:
    entry = root("a:\n  b: xy\n\n\nc: [1,\n  2]\n")
    a, c = entry.get("a"), entry.get("c")
    assert a is not None
    assert c is not None
    assert a.span == Span(2, 2, 2, 7)
    assert c.span == Span(5, 3, 6, 4)
    assert entry.entries[1][1] == Span(5, 0, 5, 1)


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_foreign_line_breaks_do_not_move_positions(sign: str) -> None:
    entry = root(f"a: 'x{sign}y'\nb: 1\n")
    b = entry.get("b")
    assert b is not None
    assert b.span == Span(2, 3, 2, 4)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_once(end: str) -> None:
    b = root(f"a: 1{end}# é{end}b: ü{end}").get("b")
    assert b is not None
    assert b.span == Span(3, 3, 3, 4)


def test_duplicate_keys_are_kept_and_the_last_one_answers() -> None:
    entry = root("a: 1\na: 2\n")
    assert [value.value for _, _, value in entry.entries] == ["1", "2"]
    assert entry.text("a") == "2"


def test_a_custom_tag_stays_on_its_node() -> None:
    entry = root("a: !Ref Bucket\nb: !Join [x, y]\nc: !!str 1\n")
    assert [(value.tag, value.kind) for _, _, value in entry.entries] == [
        ("!Ref", "str"),
        ("!Join", "seq"),
        ("", "str"),
    ]


def test_a_tag_that_runs_python_tells_a_path_by_its_parts_and_else_nothing() -> None:
    text = (
        'a: !!python/object/apply:pathlib.PosixPath ["./data", raw]\n'
        "b: !!python/object/apply:pathlib.PosixPath\n- data\n- !ENV b\n"
        "c: !!python/object/apply:os.system [ls]\n"
        "d: !!python/object:shop.Config {path: data}\n"
        "e: !!python/name:shop.Config ''\n"
        "f: !!python/tuple [x, y]\n"
    )
    assert [(value.kind, value.value, value.tag) for _, _, value in root(text).entries] == [
        ("str", "data/raw", ""),
        ("str", "", "!!python/object/apply:pathlib.PosixPath"),
        ("str", "", "!!python/object/apply:os.system"),
        ("str", "", "!!python/object:shop.Config"),
        ("str", "", "!!python/name:shop.Config"),
        ("seq", "", ""),
    ]


def test_merge_keys_give_way_to_own_keys_and_earlier_merges() -> None:
    text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  a: 3\n"
    z = root(text).get("z")
    assert z is not None
    assert {name: value.value for name, _, value in z.entries} == {"b": "1", "c": "2", "a": "3"}


def test_an_alias_stands_where_it_is_used() -> None:
    b = root("a: &v hello\nb: *v\n").get("b")
    assert b is not None
    assert (b.value, b.span) == ("hello", Span(2, 3, 2, 5))


def test_an_alias_bomb_is_cut_and_said() -> None:
    bomb = "l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n"
    bomb += "".join(f"l{n}: &l{n} [{','.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 12))
    reading = read(bomb, "a.yaml")
    assert set(kinds(reading)) == {ProblemKind.PARTIAL}
    assert isinstance(reading.content, Documents)
    assert sum(1 for _ in reading.content.roots[0].walk()) <= 2 * MAX_ENTRIES


def test_aliases_cannot_deepen_a_document_beyond_the_limit() -> None:
    text = "l0: &l0 [x]\n" + "".join(f"l{n}: &l{n} [*l{n - 1}]\n" for n in range(1, 400))
    reading = read(text, "a.yaml")
    assert isinstance(reading.content, Documents)
    assert max(len(route) for route, _ in reading.content.roots[0].walk()) <= MAX_DEPTH + 1
    assert ProblemKind.PARTIAL in kinds(reading)


def test_an_alias_to_its_own_ancestor_is_no_loop() -> None:
    reading = read("a: &a\n  b: *a\n", "a.yaml")
    assert kinds(reading) == [ProblemKind.PARTIAL]
    assert isinstance(reading.content, Documents)
    assert reading.content.roots[0].get("a", "b") is not None


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000, "? " * 100_000])
def test_deep_nesting_is_unreadable_and_no_crash(text: str) -> None:
    assert kinds(read(text, "a.yaml")) == [ProblemKind.UNREADABLE]


def test_an_error_has_its_line() -> None:
    (problem,) = read("a: 1\nb: [\nc: }\n", "a.yaml").problems
    assert problem.kind is ProblemKind.UNREADABLE
    assert problem.site.span.line == 3


def test_a_control_character_has_its_line_behind_other_alphabets() -> None:
    (problem,) = read("a: é\nü: \x00\n", "a.yaml").problems
    assert problem.site.span == Span(2, 3, 2, 3)


def test_documents_before_an_error_are_kept_and_the_file_is_partial() -> None:
    reading = read("a: 1\n---\nb: [\n", "a.yaml")
    assert kinds(reading) == [ProblemKind.PARTIAL]
    assert isinstance(reading.content, Documents)
    assert len(reading.content.roots) == 1


def test_a_helm_template_is_read_with_holes() -> None:
    text = "{{- if .Values.on }}\nname: {{ .Values.name }}-svc\nport: 80\n{{- end }}\nlabels:\n  {{- include x . }}\n"
    reading = read(text, "a.yaml")
    assert kinds(reading) == [ProblemKind.TEMPLATE]
    assert isinstance(reading.content, Documents)
    entry = reading.content.roots[0]
    name = entry.text("name")
    assert name is not None
    assert name.startswith("${__")
    assert name.endswith("}-svc")
    assert entry.text("port") == "80"
    port = entry.get("port")
    assert port is not None
    assert port.span == Span(3, 6, 3, 8)


def test_template_tags_in_quotes_are_plain_yaml() -> None:
    assert root("a: '{{ x }}'\nb: ${{ secrets.X }}\n").text("b") == "${{ secrets.X }}"


def test_markers_in_comments_are_kept() -> None:
    reading = read("a: 1  # mltradeoff: ignore[x] why\n# Owner: ana\n# other\n", "a.yaml")
    assert [(note.line, note.column, note.text) for note in reading.comments] == [
        (1, 6, "mltradeoff: ignore[x] why"),
        (2, 0, "Owner: ana"),
    ]


def test_a_conda_environment_also_gives_requirements() -> None:
    text = "channels: [x]\ndependencies:\n- python=3.11\n- conda-forge::Scikit_Learn >=1.2\n- pip:\n  - torch==2.1\n"
    (extra,) = read(text, "environment.yml").extra
    assert isinstance(extra, Requirements)
    found = [(need.name, need.specifier, need.group, need.span.line) for need in extra.requirements]
    assert found == [
        ("python", "=3.11", "conda", 3),
        ("scikit-learn", ">=1.2", "conda", 4),
        ("torch", "==2.1", "pip", 6),
    ]


def test_helm_chart_dependencies_are_no_requirements() -> None:
    assert read("dependencies:\n- name: redis\n  version: 1\n", "Chart.yaml").extra == ()


def test_utf_16_with_a_mark_is_read() -> None:
    assert root("a: ü\n".encode("utf-16")).text("a") == "ü"


def test_a_last_line_without_an_end_is_no_line_more() -> None:
    assert root("---").span == Span(1, 3, 1, 3)
    assert root("a: 1").entries[0][2].span == Span(1, 3, 1, 4)
