"""What a message may repeat."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.redact import printable, quoted, redact, shorten

# Built from pieces, so that no scanner takes this file for a leak.
SECRETS = [
    "sk-" + "proj-" + "A1b2C3d4E5f6G7h8I9j0",
    "sk-" + "ant-api03-" + "xYz12345678901234567",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZ",
    "lsv2_pt_" + "0123456789abcdef0123456789abcdef_0123456789",
    "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefgh",
    "q7Zp3Kx9Wm2Lv8Rt5Yn1Bc6Hd4Jf0Gs",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("frame", ["{}", "key = '{}'", "call({}, 3)", "https://h/p?x={}&y=1"])
def test_keys_and_random_tokens_are_masked_wherever_they_stand(secret: str, frame: str) -> None:
    shown = redact(frame.format(secret))
    assert secret[10:] not in shown
    assert "***" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://admin:hunter2@db:5432/x", "postgresql://***@db:5432/x"),
        ("https://token123@github.com/a/b", "https://***@github.com/a/b"),
        ("https://b.blob/x?sv=2020&sig=abc%2Fdef", "https://b.blob/x?sv=2020&sig=***"),
        ("OPENAI_API_KEY=abcdef", "OPENAI_API_KEY=***"),
        ('"password": "hunter2"', '"password": "***"'),
        ("Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer ***"),
    ],
)
def test_logins_and_named_values_are_masked(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "s3://bucket/models/churn/v1/model.pkl",
        "wasbs://datasets@account.blob.core.windows.net/iris.csv",
        "hf://datasets/acme/reviews@0123456789abcdef0123456789abcdef01234567",
        "md5 22a1a2931c8370d3aeedd7183606fd7f",
        "api_key=os.environ['OPENAI_API_KEY']",
        "OPENAI_API_KEY=${OPENAI_API_KEY}",
        "max_tokens=1024",
        "gpt-4o-mini-2024-07-18",
        "sentence-transformers/all-MiniLM-L6-v2",
        "my_very_long_function_name_that_has_numbers_in_it_123",
        "550e8400-e29b-41d4-a716-446655440000",
        "user@example.com",
    ],
)
def test_identities_a_reader_needs_stay(text: str) -> None:
    assert redact(text) == text


def test_redaction_is_stable_and_linear_on_hostile_text() -> None:
    start = time.perf_counter()
    for text in ("a" * 10_000_000, "key=" * 500_000, "://" * 500_000, "-----BEGIN " * 100_000, "a1" * 1_000_000):
        assert len(redact(text)) <= 30_000
    assert time.perf_counter() - start < 20


@settings(deadline=None)
@given(st.text(max_size=300), st.integers(0, 100))
def test_a_shortened_text_is_one_printable_line_within_its_limit(text: str, limit: int) -> None:
    line = shorten(text, limit)
    assert len(line) <= limit
    assert line == printable(line)
    assert "\n" not in line


@settings(deadline=None)
@given(st.text(max_size=300))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_a_cut_never_uncovers_a_secret() -> None:
    assert "hunter2" not in quoted("x" * 60 + " postgresql://admin:hunter2@db", 80)
    assert shorten("a\u202eb\x1b[31mc") == "a b [31mc"
    assert shorten("x" * 100, 10) == "xxxxxxx..."


def test_a_cut_stands_at_the_end_of_a_word_where_most_of_the_text_stays() -> None:
    assert shorten("which has no choices, so test for them", 30) == "which has no choices, so..."
    assert shorten("which has no choices, so test", 29) == "which has no choices, so test"
    assert shorten("a " + "x" * 100, 20) == "a " + "x" * 15 + "..."
