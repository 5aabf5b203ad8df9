"""Owners: the rules of CODEOWNERS with what each decides, and who is named for the nodes of the graph."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from itertools import islice

from mltradeoff_lint.graph.facets.ownership.codeowners import Codeowners, OwnerRule, Use
from mltradeoff_lint.graph.facets.ownership.patterns import compile_pattern
from mltradeoff_lint.graph.facets.ownership.resolver import Owned, Ownership
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Node, NodeId
from mltradeoff_lint.model.repository_path import folders_above
from mltradeoff_lint.model.source import WHOLE_FILE, Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.folders import is_test, is_tutorial

OWNED_KINDS = ("ModelCall", "Dataset", "Endpoint", "Prediction", "Ensemble")
"""Kinds of nodes that carry who is named for them."""

MODEL_SITES = ("training", "prediction", "model-call", "model-save")
"""Calls that make a file one that bears a model."""

DEFAULT_FILE = ".github/CODEOWNERS"
SKIPPED_FOLDERS = ("node_modules", "venv", ".venv", "site-packages", "__pycache__", ".ipynb_checkpoints", ".git")
"""Folders whose files no tree lists, tracked or not."""

MOST_FILES = 500
"""Files of a folder that are looked through for one owner of them all."""


class Owners:
    """Adds OwnerRule and Owner nodes, and the owner of every node that can have one."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._ownership = Ownership(work)
        self._rules: dict[int, NodeId] = {}
        self._tracked = sorted(work.repository.tracked)
        self._is_gitlab = self._ownership.codeowners is not None and self._ownership.codeowners.is_gitlab

    def add(self) -> None:
        """Add the rules first, so that nodes can point to the one that decides them."""
        if self._ownership.is_declared:
            self._work.graph.provide("ownership")
        if self._ownership.codeowners is not None:
            self._add_rules(self._ownership.codeowners)
        shares = self._model_files()
        for kind in OWNED_KINDS:
            for node in self._work.graph.nodes(kind):
                self._own(node)
                if kind == "Ensemble":
                    self._place(node, shares)

    # -- the rules

    def _add_rules(self, codeowners: Codeowners) -> None:
        repository = self._work.repository
        loose = sorted(repository.present - repository.tracked)
        ordinals: dict[str, int] = {}
        uses = codeowners.uses(repository.tracked)
        for use in uses:
            line = use.rule.line
            key = f"{codeowners.path}:{line.section + ':' if line.section else ''}{line.pattern}"
            ordinals[key] = ordinals.get(key, 0) + 1
            key = key if ordinals[key] == 1 else f"{key}#{ordinals[key]}"
            node = self._work.graph.add("OwnerRule", key, line.pattern, Site(codeowners.path, line.span))
            self._rules[use.rule.position] = node.id
            node.properties.update(
                pattern=line.pattern, owners=line.owners, line=line.span.line, matches=use.matches, wins=use.wins,
                state=use.state, file=codeowners.path, written=_written(use.rule),
            )  # fmt: skip
            if not use.rule.line.owners:
                node.properties["removes"] = True
            if use.state == "stale":
                hidden = self._hidden(use.rule)
                if hidden:
                    node.properties["state"] = Unknown(hidden)
                node.properties["untracked"] = any(True for _ in use.rule.pattern.among(loose))
                self._look_deeper(node, use.rule)
        for use in uses:
            if use.winner is not None:
                self._shadow(use, use.winner, codeowners.path)

    def _look_deeper(self, node: Node, rule: OwnerRule) -> None:
        """A pattern that ends in `/*` means direct children; say when all files lie deeper."""
        folder = rule.line.pattern.removesuffix("*")
        if not folder.endswith("/") or folder == "/":
            return
        inside = compile_pattern(folder, self._is_gitlab)
        count = sum(1 for _ in inside.among(sorted(self._work.repository.tracked)))
        if count:
            node.properties["deeper"] = count
            node.properties["deeper_written"] = _written(rule).replace(rule.line.pattern, folder, 1)

    def _hidden(self, rule: OwnerRule) -> str:
        """Why nobody can tell whether a rule matches a file; empty when it can be told."""
        folders = {folder for path in self._work.repository.left_out for folder in (path, *folders_above(path))}
        prefix = rule.pattern.prefix.rstrip("/")
        if any(segment in SKIPPED_FOLDERS for segment in rule.pattern.segments):
            return "a rule for a folder that is never listed"
        if prefix and (
            prefix in folders or any(one in self._work.repository.left_out for one in folders_above(prefix))
        ):
            return "a rule for files that are left out, such as a submodule"
        return ""

    def _shadow(self, use: Use, winner: OwnerRule, path: str) -> None:
        node = self._work.graph.node(self._rules[use.rule.position])
        same = sorted(use.rule.line.owners) == sorted(winner.line.owners)
        loss = "nothing" if same else "owners" if winner.line.owners else "everything"
        node.properties.update(
            winner=winner.line.pattern, winner_line=winner.line.span.line, winner_written=_written(winner),
            winner_owners=winner.line.owners, loss=loss, fallback=use.fallback,
            wider=use.is_wider,
        )  # fmt: skip
        words = f"`{winner.line.pattern}` on line {winner.line.span.line} matches later and decides"
        evidence = Evidence(Site(path, winner.line.span), words, Certainty.EXACT)
        self._work.graph.link(node.id, self._rules[winner.position], "shadowed_by", evidence)

    # -- the owners of nodes

    def _own(self, node: Node) -> None:
        site = node.sites[0] if node.sites else None
        path = node.properties.get("path")
        place = path if isinstance(path, str) else site.path if site is not None else ""
        if not place:
            return
        names = tuple(dict.fromkeys(str(one) for one in (node.label, *map(node.properties.get, _NAMES)) if one))
        line = site.span.line if site is not None and site.path == place else None
        owned = self._ownership.of(place, line, names)
        if node.id.kind == "Dataset" and owned.strength != "node":
            self._own_data(node, owned, site or Site(place, WHOLE_FILE))
        else:
            self._name(node, owned, site or Site(place, WHOLE_FILE))

    def _own_data(self, node: Node, code: Owned, site: Site) -> None:
        """Name the owner of the files that data is: who owns the code that reads it need not own what it reads."""
        files = tuple(islice(self._files(str(node.properties.get("identity", ""))), MOST_FILES + 1))
        owners = {one.owner: one for one in map(self._ownership.of, files[:MOST_FILES])}
        if len(files) <= MOST_FILES and len(owners) == 1:
            self._name(node, next(iter(owners.values())), site)
        elif code.strength == "none" and not files:
            self._name(node, code, site)
        else:
            unknown = Unknown("its files have not all the same owner" if files else _ONLY_CODE)
            node.properties.update(owner=unknown, owner_strength=unknown)
            node.properties.update({"code_owner": code.owner} if code.owner else {})

    def _files(self, identity: str) -> Iterator[str]:
        """The tracked files that data is: the one of its path, or those of its folder."""
        if identity in self._work.repository.tracked:
            yield identity
        folder = f"{identity}/"
        for index in range(bisect.bisect_left(self._tracked, folder), len(self._tracked)):
            if not self._tracked[index].startswith(folder):
                return
            yield self._tracked[index]

    def _name(self, node: Node, owned: Owned, site: Site) -> None:
        node.properties["owner_strength"] = owned.strength
        if owned.strength == "none":
            return
        node.properties["owner"] = owned.owner
        evidence = Evidence(owned.site or site, owned.how, Certainty.EXACT)
        owner = self._work.graph.add("Owner", owned.owner, owned.owner, owned.site, source=owned.how)
        self._work.graph.link(node.id, owner.id, "owned_by", evidence)
        for rule in owned.rules:
            self._work.graph.link(node.id, self._rules[rule.position], "decided_by", evidence)

    def _place(self, node: Node, shares: dict[str, bool]) -> None:
        """What a remedy for an ensemble needs: the line to add, its file, and how well the rest is owned."""
        path = str(node.properties["path"])
        others = [owned for file, owned in shares.items() if file != path]
        node.properties["repository_owned"] = round(sum(others) / len(others), 3) if others else 0.0
        node.properties["owner_line"] = "/" + path.replace("\\", "\\\\").replace(" ", "\\ ").replace("#", "\\#")
        codeowners = self._ownership.codeowners
        node.properties["owner_file"] = codeowners.path if codeowners is not None else DEFAULT_FILE

    def _model_files(self) -> dict[str, bool]:
        """The files that bear models, and whether each is owned as a directory or more directly."""
        paths = dict.fromkeys(use.ref.path for use in self._work.sites.of_kind(*MODEL_SITES))
        files = [path for path in paths if not is_test(path) and not is_tutorial(path)]
        return {path: self._ownership.of(path).is_at_least("directory") for path in files}


_NAMES = ("identity", "route", "unit_label")
_ONLY_CODE = "only the code that reads or writes it has an owner"


def _written(rule: OwnerRule) -> str:
    pattern = rule.line.pattern.replace(" ", "\\ ").replace("#", "\\#")
    return " ".join([pattern, *rule.line.owners])
