"""Environment files: `.env` sets variables, `.env.example` shows which ones a deployment sets."""

from __future__ import annotations

import re

from mltradeoff_lint.model.declarations import Declaration, EnvBinding
from mltradeoff_lint.model.environment import in_order
from mltradeoff_lint.model.facts import FileFacts, Shell
from mltradeoff_lint.model.source import Site

PLATFORM = "dotenv"
_NAME = re.compile(r"\.?env(?:[._-].*)?|.*\.env(?:[._-].*)?|[\w-]*[._-]env", re.IGNORECASE)
_EXAMPLE = re.compile(r"(?:^|[._-])(?:examples?|samples?|templates?|tmpl|dist|tpl)(?:[._-]|$)", re.IGNORECASE)
_DEFAULT = re.compile(r"(?:^|[._-])defaults?(?:[._-]|$)", re.IGNORECASE)


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file was read as, or is named as, an environment file."""
    if not isinstance(facts.content, Shell):
        return False
    return facts.language == "dotenv" or _NAME.fullmatch(path.rsplit("/", 1)[-1]) is not None


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """A binding a line; the file name says whether it is an example, a default or a setting."""
    if not isinstance(facts.content, Shell):
        return ()
    name = facts.path.rsplit("/", 1)[-1]
    provenance = "example" if _EXAMPLE.search(name) else "default" if _DEFAULT.search(name) else "configured"
    return tuple(
        EnvBinding(
            item.name,
            value,
            Site(facts.path, item.span),
            PLATFORM,
            provenance,
        )
        for item, value in in_order(facts.content.assignments)
    )
