"""Which query the rows of a cursor come from."""

from __future__ import annotations

import pytest

from tests.graph.analysed import analysed, nodes
from tests.graph.test_datasets import FIT


def learned(code: str) -> list[str]:
    """The labels of the datasets that a model learns from."""
    head = "import pandas as pd, psycopg2, sqlite3, snowflake.connector\n"
    return [node.label for node in nodes(analysed({"train.py": f"{head}{code}\n{FIT}"}), "Dataset")]


CURSOR = 'cursor = psycopg2.connect("host=db").cursor()\n'


@pytest.mark.parametrize(
    "code",
    [
        CURSOR + 'cursor.execute("SELECT * FROM rides")\nrows = cursor.fetchall()',
        CURSOR + 'cursor.execute("SELECT * FROM rides")\nrows = pd.DataFrame(cursor.fetchall())',
        CURSOR + 'cursor.execute("SELECT * FROM rides").fetchall()\nrows = cursor.fetchall()',
        'with psycopg2.connect("host=db") as connection, connection.cursor() as cursor:\n'
        '    cursor.execute("SELECT * FROM rides")\n    rows = cursor.fetchall()',
        CURSOR + 'cursor.execute("SELECT * FROM old")\ncursor.execute("SELECT * FROM rides")\nrows = cursor.fetchall()',
        'cursor = snowflake.connector.connect(account="a").cursor()\n'
        'cursor.execute("SELECT * FROM rides")\nrows = cursor.fetch_pandas_all()',
        'other = psycopg2.connect("host=db").cursor()\n' + CURSOR + 'cursor.execute("SELECT * FROM rides")\n'
        'other.execute("SELECT * FROM old")\nrows = cursor.fetchall()',
    ],
)
def test_the_rows_of_a_cursor_are_those_of_its_last_query(code: str) -> None:
    assert learned(code) == ["rides"]


def test_any_query_that_may_have_been_the_last_counts() -> None:
    code = (
        CURSOR + 'cursor.execute("SELECT * FROM older")\nif input():\n    cursor.execute("SELECT * FROM old")\n'
        'else:\n    cursor.execute("SELECT * FROM rides")\nrows = cursor.fetchall()'
    )
    assert set(learned(code)) == {"rides", "old", "older"}


def test_a_query_that_comes_later_is_none_of_the_rows() -> None:
    assert learned(CURSOR + 'rows = cursor.fetchall()\ncursor.execute("SELECT * FROM rides")') == []


def test_the_rows_of_an_embedded_database_are_its_file() -> None:
    code = 'cursor = sqlite3.connect("a.db").cursor()\ncursor.execute("SELECT * FROM rides")\nrows = cursor.fetchall()'
    assert learned(code) == ["a.db"]
