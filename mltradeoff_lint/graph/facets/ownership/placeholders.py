"""Words that stand where an owner should and name nobody."""

from __future__ import annotations

import re

_WORDS = frozenset({
    "?", "admin", "airflow", "anonymous", "author", "changeme", "default", "developer", "doctocat", "first-last",
    "firstname", "fixme", "global-owner", "global-owner1", "global-owner2", "js-owner", "maintainer", "me", "my-name",
    "my-team", "myself", "n/a", "na", "name", "nobody", "none", "null", "octo-team", "octocat", "org", "owner",
    "owners", "placeholder", "root", "somebody", "someone", "tba", "tbd", "team", "team-name", "to-be-defined", "todo",
    "unassigned", "unknown", "user", "user-name", "username", "x", "xxx", "y", "you", "your-handle", "your-name",
    "your-org", "your-team", "your-username", "yourname", "yourteam",
})  # fmt: skip
_GROUPS = frozenset({
    "company", "example", "my-org", "myorg", "octo-org", "org", "organisation", "organization", "your-org",
    "your-organization", "yourorg",
})  # fmt: skip
_PLACEHOLDER_MAIL = re.compile(
    r"(?:example|user|you|your[._-]?(?:name|e?mail)|name|first[._-]?last|me|todo|someone|noreply)@.*|.*@example\.(?:com|org|net)",
    re.IGNORECASE,
)


def is_placeholder(owner: str) -> bool:
    """Whether an owner is a literal placeholder such as `airflow`, `TODO`, `@org/team` or `you@example.com`."""
    text = owner.strip().strip("\"'`").strip()
    if not text or text[0] in "<{$[" or not any(sign.isalnum() for sign in text):
        return True
    if "@" in text[1:] and not text.startswith("@"):
        return _PLACEHOLDER_MAIL.fullmatch(text) is not None
    folded = re.sub(r"[\s_]+", "-", text.removeprefix("@@").removeprefix("@").removeprefix("team:").casefold())
    group, _, team = folded.partition("/")
    if team:
        return group in _GROUPS or (team in ("your-team", "yourteam", "team-name") or (group, team) == ("org", "team"))
    return folded in _WORDS


def real_owners(owners: tuple[str, ...]) -> tuple[str, ...]:
    """The owners that name somebody."""
    return tuple(owner for owner in owners if not is_placeholder(owner))
