"""Which tables the SQL reader finds, in several dialects and in dbt models."""

from __future__ import annotations

import logging

import pytest

from mltradeoff_lint.model.facts import Sql, Statement
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.sql import read


def statements(text: str) -> tuple[Statement, ...]:
    reading = read(text, "a.sql")
    assert reading.problems == ()
    assert isinstance(reading.content, Sql)
    return reading.content.statements


def tables(text: str) -> list[tuple[str, str]]:
    return [(use.name, use.mode) for statement in statements(text) for use in statement.tables]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select * from a.b.c x join D on 1=1", [("a.b.c", "reads"), ("D", "reads")]),
        ("with q as (select 1 from t) select * from q, u", [("t", "reads"), ("u", "reads")]),
        ("with q as (select 1) select * from s.q", [("s.q", "reads")]),
        ("insert into x (a) select a from y", [("x", "writes"), ("y", "reads")]),
        ("create or replace table x as select * from y", [("x", "writes"), ("y", "reads")]),
        ("create view v as select 1 from y", [("v", "writes"), ("y", "reads")]),
        ("merge into x using y on x.a=y.a when matched then delete", [("x", "writes"), ("y", "reads")]),
        ("update x set a=1 where b in (select b from y)", [("x", "writes"), ("y", "reads")]),
        ("delete from x", [("x", "writes")]),
        ("drop table x; alter table y add column z int", []),
        ("select * from `my-project.data.t`", [("my-project.data.t", "reads")]),
        ("select * from @stage", []),
        ("select * from unnest([1])", []),
        ("select * from read_parquet('s3://b/x.parquet')", [("s3://b/x.parquet", "reads")]),
        ("copy into t from @s/x", [("t", "writes")]),
    ],
)
def test_tables_are_read_and_written(text: str, expected: list[tuple[str, str]]) -> None:
    assert tables(text) == expected


def test_places_are_those_of_the_names() -> None:
    (first, second) = statements("select 'é'\nfrom a.b;\nselect 1 from c -- x\n")
    assert first.tables[0].span == Span(2, 5, 2, 8)
    assert first.span == Span(1, 0, 2, 8)
    assert second.tables[0].span == Span(3, 14, 3, 15)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("select * from t for system_time as of '2020-01-01'", "'2020-01-01'"),
        ("select * from t version as of 12", "12"),
        ("select * from t at (timestamp => '2020-01-01'::timestamp)", "2020-01-01"),
        ("select * from t", ""),
    ],
)
def test_time_travel_is_told(text: str, words: str) -> None:
    (statement,) = statements(text)
    assert words in statement.time_travel
    assert bool(statement.time_travel) == bool(words)


def test_dbt_models_name_their_refs_and_sources() -> None:
    text = """{{ config(materialized='table') }}
{% set x = 1 %}
select {{ dbt_utils.star(ref('a')) }}, a.d
from {{ ref('stg_a') }} a
join {{ source('raw', 'b') }} using (id)
join {{ target.schema }}.c using (id)
{% if is_incremental() %} where d > '{{ var("d") }}' {% endif %}
"""
    assert tables(text) == [("ref:stg_a", "reads"), ("source:raw.b", "reads"), ("{{ target.schema }}.c", "reads")]
    assert statements(text)[0].tables[0].span == Span(4, 5, 4, 23)


def test_refs_survive_in_a_model_that_no_dialect_parses() -> None:
    reading = read("select ((( from {{ ref('a') }} {{ x", "a.sql")
    assert [problem.kind for problem in reading.problems] == [ProblemKind.TEMPLATE]
    assert isinstance(reading.content, Sql)
    assert [use.name for use in reading.content.statements[0].tables] == ["ref:a"]


def test_one_bad_statement_does_not_hide_the_others() -> None:
    reading = read("select 1 from a;\nselect ((;\nselect 1 from b;\n", "a.sql")
    (problem,) = reading.problems
    assert (problem.kind, problem.site.span.line) == (ProblemKind.PARTIAL, 2)
    assert isinstance(reading.content, Sql)
    assert [use.name for one in reading.content.statements for use in one.tables] == ["a", "b"]


@pytest.mark.parametrize(
    "text", ["select " + "(" * 100_000, "select " + "not " * 50_000 + "1", "select " + "case when " * 9000]
)
def test_deep_nesting_is_skipped_and_said(text: str) -> None:
    assert [problem.kind for problem in read(text, "a.sql").problems] == [ProblemKind.SKIPPED]


def test_the_parser_logs_nothing_and_its_logger_is_left_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        read("call system.rollback('x'); show tables; frobnicate y", "a.sql")
    assert caplog.records == []
    assert not logging.getLogger("sqlglot").disabled


def test_owner_comments_are_kept() -> None:
    assert [note.text for note in read("-- owner: ana\nselect 1\n", "a.sql").comments] == ["owner: ana"]
