"""Rows that are made here: what the call gives, and for the other columns their defaults."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CHAT = """\
from django.db import models
class Owner(models.Model):
    name = models.CharField(default="nobody")
class Chat(models.Model):
    name = models.CharField(max_length=200, default="small")
    title = models.CharField(max_length=200, default=None, null=True)
    slug = models.CharField(max_length=200, null=True)
    note = models.CharField(max_length=200)
    log = models.JSONField(default=dict)
    tags = models.JSONField(default=list)
    owner = models.ForeignKey(Owner, on_delete=1, default=None, null=True)

    @property
    def messages(self):
        found = []
        for one in self.log.get("chat", []):
            found.append(one.text)
        return found
"""

MADE = [
    "Chat.objects.create(GIVEN)",
    "Chat.objects.select_related('owner').create(GIVEN)",
    "Chat.objects.using('other').select_related('owner').create(GIVEN)",
    "Chat(GIVEN)",
]

COLUMNS = [
    ("name", "", "'small'"),
    ("name", "name='large'", "'large'"),
    ("title", "", "None"),
    ("slug", "", "None"),
    ("note", "", "f'{Chat.note}'"),
    ("log", "", "{}"),
    ("tags", "", "[]"),
    ("owner", "", "None"),
    ("owner", "owner=Owner()", "Owner()"),
    ("owner", "owner_id=3", "Owner()"),
]


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize(("name", "given", "found"), COLUMNS)
def test_a_new_row_has_what_it_is_given_and_the_defaults_of_other_columns(
    made: str, name: str, given: str, found: str
) -> None:
    assert probe(f"{CHAT}chat = {made.replace('GIVEN', given)}\nprobe(chat.{name})\n") == [found]


def test_a_row_that_is_made_and_awaited_is_a_new_row() -> None:
    body = "async def f():\n    chat = await Chat.objects.select_related('owner').acreate(name='large')\n"
    assert probe(f"{CHAT}{body}    probe([chat.name, chat.title])\n") == ["['large', None]"]


@pytest.mark.parametrize("name", ["name", "log", "tags"])
def test_what_is_spread_into_a_new_row_may_be_any_column(name: str) -> None:
    assert "?" in "".join(probe(f"{CHAT}chat = Chat.objects.create(**given)\nprobe(chat.{name})\n")) or (
        f"f'{{Chat.{name}}}'" in probe(f"{CHAT}chat = Chat.objects.create(**given)\nprobe(chat.{name})\n")
    )
    assert probe(f"{CHAT}chat = Chat.objects.create(**given)\nprobe(chat.title)\n") == ["f'{Chat.title}'"]


def test_nothing_runs_over_a_default_without_items() -> None:
    assert probe(f"{CHAT}for one in Chat.objects.create(name='a').messages:\n    probe(one)\n") == []
    assert probe(f"{CHAT}for one in Chat.objects.create(log=given).messages:\n    probe(one)\n") != []


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("def g(chat: Chat):\n    chat.log['chat'] = load()\n", "log"),
        ("def g(chat: Chat):\n    chat.log = load()\n", "log"),
        ("def g(chat: Chat):\n    chat.tags.append(load())\n", "tags"),
        ("def g(chat: Chat):\n    chat.log.setdefault('chat', []).append(load())\n", "log"),
        ("def g(chat: Chat):\n    chat.name = load()\n", "name"),
    ],
)
def test_a_column_that_is_changed_on_other_rows_of_the_table_is_open(change: str, name: str) -> None:
    found = probe(f"{CHAT}{change}chat = Chat.objects.create()\nprobe(chat.{name})\n")
    assert len(found) > 1


def test_a_row_that_a_query_finds_is_no_new_row() -> None:
    assert probe(f"{CHAT}chat = Chat.objects.filter(name='a').first()\nprobe(chat.name)\n") == [
        "django.db.models.Model.objects.filter().first().name"
    ]
    assert probe(f"{CHAT}def f(chat: Chat):\n    probe(chat.log)\n") == ["?"]


def test_rows_of_other_mappers_are_made_by_their_class() -> None:
    peewee = "import peewee\nclass Chat(peewee.Model):\n    name = peewee.CharField(default='small')\n"
    assert probe(f"{peewee}probe(Chat.create().name)\n") == ["'small'"]
    alchemy = (
        "from sqlalchemy import JSON, Column, String\nfrom sqlalchemy.orm import DeclarativeBase\n"
        "class Base(DeclarativeBase):\n    pass\n"
        "class Chat(Base):\n    name = Column(String, default='small')\n    log = Column(JSON, default=dict)\n"
    )
    assert probe(f"{alchemy}chat = Chat(name='a')\nprobe([chat.name, chat.log])\n") == ["['a', {}]"]
