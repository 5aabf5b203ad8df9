"""From a folder and options to what an analysis and its reports need: tree, settings, rules, line hashes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mltradeoff_lint.cli.catalogue import known_rules
from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.model.source import Location

if TYPE_CHECKING:
    from mltradeoff_lint.model.rule import Rule
    from mltradeoff_lint.settings import Settings
    from mltradeoff_lint.tree import Tree


class Prepared(NamedTuple):
    """What an analysis of a folder starts from; the settings choose from the rules."""

    tree: Tree
    settings: Settings
    rules: tuple[Rule, ...]


def prepared(root: Path, *, config: str | None = None, isolated: bool = False, **options: object) -> Prepared:
    """The tree of a folder, and its settings with the given options on top; an option that is None is not given.

    `config` is a settings file, from the working directory, that replaces the repository's own; `isolated` passes
    all of them over. Raises UsageError for what the user has to mend.
    """
    from mltradeoff_lint.settings import load
    from mltradeoff_lint.tree import WorktreeTree

    tree = WorktreeTree(root)
    read = _of_user if config is not None else _nothing if isolated else tree.read
    rules = known_rules(root)
    known = {rule.name: rule.options for rule in rules}
    return Prepared(tree, load(lambda path: _optional(read, path), config, known).with_options(**options), rules)


def line_hasher(tree: Tree) -> Callable[[Location], str]:
    """Gives the line hash of GitHub code scanning of a place, or nothing when its file is gone.

    A file is hashed once, and only when a report has a place in it.
    """
    from mltradeoff_lint.triage.fingerprint import line_hashes

    known: dict[str, tuple[str, ...]] = {}

    def line_hash(place: Location) -> str:
        if place.path not in known:
            try:
                known[place.path] = line_hashes(tree.read(place.path))
            except OSError:
                known[place.path] = ()
        hashes = known[place.path]
        return hashes[place.line - 1] if 0 < place.line <= len(hashes) else ""

    return line_hash


def _of_user(path: str) -> bytes:
    return Path(path).read_bytes()


def _nothing(path: str) -> bytes:
    raise FileNotFoundError(path)


def _optional(read: Callable[[str], bytes], path: str) -> bytes | None:
    try:
        return read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
