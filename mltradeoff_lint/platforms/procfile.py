"""Procfile: the processes of a Heroku-like platform."""

from __future__ import annotations

import re

from mltradeoff_lint.model.declarations import Command, Declaration, EnvBinding
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import folder_of, from_folder
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.readers import command_line

PLATFORM = "procfile"
_PATH = re.compile(r"(?:.*/)?procfile(?:\.[\w.-]+)?", re.IGNORECASE)


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file is a Procfile, read as a map of processes (the further content of its reading)."""
    return isinstance(facts.content, Documents) and _PATH.fullmatch(path) is not None


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """The commands of each process: `release` runs once, all others are services."""
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    folder = folder_of(facts.path)
    for root in facts.content.roots:
        for job, _, entry in root.entries:
            kind = "script" if job == "release" else "service"
            site = Site(facts.path, entry.span)
            for part in command_line.of_entry(entry):
                environment = tuple(EnvBinding(name, value, site, PLATFORM) for name, value in part.environment)
                cwd = from_folder(folder, part.folder or ".") or ""
                found.append(Command(part.words, site, PLATFORM, job, kind, cwd, environment))
    return tuple(found)
