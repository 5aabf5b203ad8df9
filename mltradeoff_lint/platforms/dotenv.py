"""Environment files: `.env` sets variables, `.env.example` shows which ones a deployment sets.

One that is a YAML mapping, `KEY: value`, is what `gcloud run deploy --env-vars-file` takes
(https://cloud.google.com/run/docs/configuring/services/environment-variables).
"""

from __future__ import annotations

import re

from mltradeoff_lint.model.declarations import Declaration, EnvBinding
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.environment import bindings, in_order
from mltradeoff_lint.model.facts import Documents, FileFacts, Shell
from mltradeoff_lint.model.source import Site

PLATFORM = "dotenv"
_NAME = re.compile(r"\.?env(?:[._-].*)?|.*\.env(?:[._-].*)?|[\w-]*[._-]env", re.IGNORECASE)
_EXAMPLE = re.compile(r"(?:^|[._-])(?:examples?|samples?|templates?|tmpl|dist|tpl)(?:[._-]|$)", re.IGNORECASE)
_DEFAULT = re.compile(r"(?:^|[._-])defaults?(?:[._-]|$)", re.IGNORECASE)


_MAPPING = re.compile(r"(?:.*\.)?env(?:[._-].*)?\.ya?ml(?:\.[a-z]+)?", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file was read as, or is named as, an environment file."""
    if isinstance(facts.content, Documents):
        return _variables(path, facts.content) is not None
    if not isinstance(facts.content, Shell):
        return False
    return facts.language == "dotenv" or _NAME.fullmatch(path.rsplit("/", 1)[-1]) is not None


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """A binding a line or pair; the file name says whether it is an example, a default or a setting."""
    name = facts.path.rsplit("/", 1)[-1]
    provenance = "example" if _EXAMPLE.search(name) else "default" if _DEFAULT.search(name) else "configured"
    if isinstance(facts.content, Documents):
        return bindings(_variables(facts.path, facts.content), facts.path, PLATFORM, provenance)
    if not isinstance(facts.content, Shell):
        return ()
    return tuple(
        EnvBinding(
            item.name,
            value,
            Site(facts.path, item.span),
            PLATFORM,
            provenance,
            text,
        )
        for item, value, text in in_order(facts.content.assignments)
    )


def _variables(path: str, content: Documents) -> Entry | None:
    """The mapping of names to scalars that a YAML file named as an environment file is; None for any other document.

    A file that is not called `.env` first may hold other settings, so that there all names have to be upper case.
    """
    name = path.rsplit("/", 1)[-1]
    if _MAPPING.fullmatch(name) is None or len(content.roots) != 1 or content.roots[0].kind != "map":
        return None
    root = content.roots[0]
    is_flat = all(value.kind not in ("map", "seq") for _, _, value in root.entries)
    if not is_flat or not (name.startswith(".env") or all(_VARIABLE.fullmatch(key) for key, _, _ in root.entries)):
        return None
    return root._replace(entries=tuple((key, span, _value(value)) for key, span, value in root.entries))


def _value(entry: Entry) -> Entry:
    """A value as a line would have it: nothing written is an empty text, and what a tag makes is not known."""
    if entry.tag:
        return entry._replace(kind="null")
    return entry._replace(kind="str", value="") if entry.kind == "null" else entry
