"""The words of an explanation are those of the repository: imported paths, and what a method gives."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.explain import explain
from tests.resolve.sample import repository


def told(source: str, line: int) -> str:
    """The explanation of a line of a module."""
    return "\n".join(explain(repository(source).resolver, "app.py", line))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("import snowflake.connector\nmade = snowflake.connector.connect()\n", "`snowflake.connector.connect()`"),
        ("import psycopg\nmade = psycopg.connect()\n", "`psycopg.connect()`"),
        ("import psycopg2\nmade = psycopg2.connect()\n", "`psycopg2.connect()`"),
        (
            "import snowflake.connector\nmade = snowflake.connector.connect().cursor()\n",
            "`snowflake.connector.connect().cursor()`",
        ),
    ],
)
def test_a_thing_of_a_library_goes_by_the_path_that_is_imported(source: str, shown: str) -> None:
    assert f"is {shown}" in told(source, 2)
    assert ("psycopg2" in told(source, 2)) == ("psycopg2" in source)


CLIENT = """
class Client:
    def embed(self, text):
        return self.post(text)["data"]
    @property
    def size(self):
        return self.post("size")
    def post(self, text):
        self.last = text
        return send(text)
client = Client()
found = client.embed("a")
size = client.size
last = client.last
"""


def test_what_a_method_gives_is_returned_and_not_set() -> None:
    assert "`Client.embed` returns" in told(CLIENT, 12)
    assert "is set to" not in told(CLIENT, 12)
    assert "`Client.size` returns" in told(CLIENT, 13)
    assert "`last` is set to" in told(CLIENT, 14)


def test_a_field_of_a_request_is_told_with_its_key() -> None:
    source = "from fastapi import FastAPI, Request\napp = FastAPI()\n@app.post('/x')\n"
    source += "async def f(request: Request):\n    name = (await request.json()).get('dataset')\n"
    assert "`fastapi.Request().json().get()` (`request:dataset`)" in told(source, 5)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("pathlib.Path(n)", "`{n}`, which did not resolve: parameter n has no caller in the repository"),
        ("f'{n}/{m}'", "`{n}/{m}`, which did not resolve: parameter n has no caller in the repository"),
        ("pathlib.Path(os.up['split']['X'])", "`{X}`, which did not resolve"),
        ("f'{n}/x'", "the template '{n}/x' (literal)"),
        ("f\"{os.environ['A']}{n}\"", "the template '{env:A}{n}' (configured)"),
    ],
)
def test_a_text_of_which_no_letter_is_known_did_not_resolve(value: str, shown: str) -> None:
    assert f"is {shown}" in told(f"import os, pathlib\ndef f(n, m):\n    a = {value}\n", 3)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("os.path.expanduser('~/.khoj/env')", "'~/.khoj/env' (in the home folder of whoever runs it)"),
        ("pathlib.Path.home() / '.khoj/env'", "'~/.khoj/env' (in the home folder of whoever runs it)"),
        (
            "pathlib.Path('~/.khoj').expanduser() / n",
            "the template '~/.khoj/{n}' (in the home folder of whoever runs it)",
        ),
        ("os.getenv('A', '~/a')", "'~/a' (default, in the home folder of whoever runs it)"),
        ("'~a/b'", "'~a/b' (literal)"),
        ("'a/~/b'", "'a/~/b' (literal)"),
    ],
)
def test_a_path_in_the_home_folder_is_no_literal_of_the_code(written: str, shown: str) -> None:
    assert f"is {shown}" in told(f"import os, pathlib\ndef f(n):\n    a = {written}\n", 3)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("rows = ['a', 'b']\nfound = rows['name']\n", "a list indexed by a string"),
        ("a = b\nb = a\nfound = a\n", "a recursive definition"),
        ("import os\ndef f(p):\n    found = os.path.dirname(p)\n", "the parent of a path that did not resolve"),
    ],
)
def test_a_reason_is_told_in_the_words_of_the_language(source: str, reason: str) -> None:
    line = source.count("\n")
    assert f"unknown: {reason}" in told(source, line)


MODELS = "from django.db import models\n\nclass Page(models.Model):\n    url = models.URLField()\n"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("made = Page.objects.filter(id=1).first().site.url\n", "`Page.objects.filter().first().site.url`"),
        ("made = [one.url.root for one in Page.objects.all()][0]\n", "`Page.objects.all()[].url.root`"),
        ("made = models.Model.objects.filter().first().url\n", "`django.db.models.Model.objects.filter().first().url`"),
        ("class Own(Page):\n    pass\nmade = Own.objects.all().first().size\n", "`Own.objects.all().first().size`"),
    ],
)
def test_a_thing_of_an_own_class_goes_by_the_name_of_that_class(source: str, shown: str) -> None:
    assert f"is {shown}" in told(MODELS + source, 4 + source.count("\n"))
