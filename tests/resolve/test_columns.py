"""A column of a table is read on an object as what a row holds, and never as the description of the column."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

DJANGO = "from django.db import models\n"
ALCHEMY = (
    "from sqlalchemy import JSON, Column, Integer, String, Text\n"
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship\n"
    "class Base(DeclarativeBase):\n    pass\n"
)


def test_a_column_is_a_hole_named_after_its_class_beside_its_default() -> None:
    source = (
        f"{DJANGO}class Row(models.Model):\n    class Meta:\n        abstract = True\n"
        "class Chat(Row):\n    name = models.CharField(max_length=200, default='small')\n"
        "def f(chat: Chat):\n    probe(chat.name)\n"
    )

    assert probe(source) == ["'small'", "f'{Chat.name}'"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("models.CharField(max_length=9)", ["f'{Chat.x}'"]),
        ("models.TextField(default=None, null=True)", ["f'{Chat.x}'"]),
        ("models.CharField(default=Size.SMALL)", ["'s'", "f'{Chat.x}'"]),
        ("models.CharField(default=first)", ["'a'", "f'{Chat.x}'"]),
        ("models.CharField(default=uuid.uuid4)", ["f'{Chat.x}'"]),
        ("models.IntegerField(default=7)", ["7", "?"]),
        ("models.JSONField()", ["?"]),
        ("models.ForeignKey('other.Model', on_delete=1)", ["?"]),
        ("models.ForeignKey(Owner, on_delete=1, null=True)", ["Owner()"]),
        ("models.ForeignKey('Owner', on_delete=1)", ["Owner()"]),
        ("models.OneToOneField('self', on_delete=1)", ["Chat()"]),
    ],
)
def test_what_a_row_holds_depends_on_the_column(written: str, expected: list[str]) -> None:
    source = (
        f"import uuid\n{DJANGO}def first():\n    return 'a'\n"
        "class Size(models.TextChoices):\n    SMALL = 's'\n"
        "class Owner(models.Model):\n    pass\n"
        f"class Chat(models.Model):\n    x = {written}\n"
        "def f(chat: Chat):\n    probe(chat.x)\n"
    )

    assert probe(source) == expected


def test_a_text_keeps_the_hole_of_a_column() -> None:
    source = (
        f"{DJANGO}class Chat(models.Model):\n    name = models.CharField(default='small')\n"
        "    def path(self):\n        return f'models/{self.name}.bin'\n"
        "def f(chat: Chat):\n    probe(chat.path())\n"
    )

    assert probe(source) == ["'models/small.bin'", "f'models/{Chat.name}.bin'"]


def test_a_column_of_another_row_is_read_through_its_key() -> None:
    source = (
        f"{DJANGO}class Api(models.Model):\n    url = models.CharField()\n"
        "class Chat(models.Model):\n    api = models.ForeignKey(Api, on_delete=1)\n"
        "def f(chat: Chat):\n    probe(chat.api.url)\n"
    )

    assert probe(source) == ["f'{Api.url}'"]


def test_an_object_that_is_made_here_has_what_it_is_given() -> None:
    source = (
        f"{DJANGO}class Chat(models.Model):\n    name = models.CharField(default='small')\n"
        "    kind = models.CharField(default='plain')\n"
    )

    assert probe(f"{source}probe(Chat(name='large').name)\n") == ["'large'"]
    assert probe(f"{source}probe(Chat(name='large').kind)\n") == ["'plain'"]


def test_a_column_stays_a_column_on_the_class() -> None:
    source = f"{ALCHEMY}class User(Base):\n    name = Column(String)\nprobe(User.name)\n"

    assert probe(source) == ["sqlalchemy.Column()"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("x = Column(String(20), default='a')", ["'a'", "f'{User.x}'"]),
        ("x = Column('x', Text)", ["f'{User.x}'"]),
        ("x = Column(Integer, default=3)", ["3", "?"]),
        ("x = Column(JSON)", ["?"]),
        ("x: Mapped[str] = mapped_column(default='a')", ["'a'", "f'{User.x}'"]),
        ("x: Mapped[str | None] = mapped_column()", ["f'{User.x}'"]),
        ("x: Mapped[int] = mapped_column()", ["?"]),
        ("x: Mapped['Team'] = relationship()", ["Team()"]),
        ("x: Mapped[list['Team']] = relationship()", ["[Team(), ...]"]),
        ("x: Mapped['Team']", ["Team()"]),
        ("x = relationship('Team')", ["?"]),
    ],
)
def test_sqlalchemy_tells_a_text_by_its_type(written: str, expected: list[str]) -> None:
    head = f"{ALCHEMY}class Team(Base):\n    pass\nclass User(Base):\n    {written}\n"
    source = f"{head}def f(user: User):\n    probe(user.x)\n"

    assert probe(source) == expected


def test_a_model_of_sqlmodel_is_a_table_only_when_it_says_so() -> None:
    body = "    name: str = Field(default='a')\ndef f(item: Item):\n    probe(item.name)\n"
    head = "from sqlmodel import Field, SQLModel\n"

    assert probe(f"{head}class Item(SQLModel, table=True):\n{body}") == ["'a'", "f'{Item.name}'"]
    assert probe(f"{head}class Item(SQLModel):\n{body}") == ["'a'"]


@pytest.mark.parametrize(
    ("head", "base", "column"),
    [
        ("import peewee\n", "peewee.Model", "peewee.CharField()"),
        ("from tortoise import fields, models\n", "models.Model", "fields.CharField(max_length=9)"),
        ("import mongoengine as me\n", "me.Document", "me.StringField()"),
        ("from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n", "db.Model", "db.Column(db.String(80))"),
    ],
)
def test_other_mappers_have_columns_too(head: str, base: str, column: str) -> None:
    source = f"{head}class Item({base}):\n    name = {column}\ndef f(item: Item):\n    probe(item.name)\n"

    assert probe(source) == ["f'{Item.name}'"]
