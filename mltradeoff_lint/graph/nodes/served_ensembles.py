"""Ensembles that a model server is configured to run: Triton's `ensemble_scheduling`, KServe's InferenceGraph."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.graph.facets.combination.identity import normal_name
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents
from mltradeoff_lint.model.graph import Evidence
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.folders import is_test, is_tutorial

CODE_BACKENDS = ("python", "ensemble", "identity", "dali", "repeat", "square", "custom")
"""Backends that run code and no trained model: what stands before and behind the models."""

MODEL_FILES = (
    ".onnx",
    ".pt",
    ".plan",
    ".savedmodel",
    ".pb",
    ".xml",
    ".engine",
    ".safetensors",
    ".ubj",
    ".txt",
    ".json",
)
ROUTERS = ("Ensemble", "Splitter", "Switch")
"""Routers whose answer comes from several models; a Sequence feeds one from another."""


_WORDS = {"splitter": "chooses between", "switch": "chooses between"}


class _Step(NamedTuple):
    """A model that a server calls; `is_model` None when nobody can tell whether it holds a trained one."""

    name: str
    is_model: bool | None
    entry: Entry


class ServedEnsembles:
    """Adds Ensemble nodes for the configuration of model servers."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def add(self) -> None:
        """Add every configured ensemble of two or more distinct models."""
        for path, file in sorted(self._work.repository.facts.items()):
            if not isinstance(file.content, Documents):
                continue
            for root in file.content.roots:
                if file.language == "pbtxt":
                    self._triton(path, root)
                elif root.text("kind") == "InferenceGraph":
                    self._graphs(path, root)

    # -- Triton

    def _triton(self, path: str, root: Entry) -> None:
        scheduling = root.get("ensemble_scheduling")
        if scheduling is None:
            return
        repository = posixpath.dirname(posixpath.dirname(path))
        name = root.text("name") or posixpath.basename(posixpath.dirname(path))
        steps = []
        for entry in _repeated(scheduling, "step"):
            model = entry.text("model_name")
            if model:
                steps.append(_Step(model, self._is_model(posixpath.join(repository, model)), entry))
        site = Site(path, scheduling.span)
        self._add(path, name, "one served pipeline", [one for one in steps if one.is_model is not False], site)

    def _is_model(self, folder: str) -> bool | None:
        """Whether a folder of a Triton repository holds a trained model, by its backend or its files."""
        file = self._work.repository.facts.get(f"{folder}/config.pbtxt")
        if file is not None and isinstance(file.content, Documents) and file.content.roots:
            root = file.content.roots[0]
            backend = (root.text("backend") or root.text("platform") or "").lower()
            if backend:
                return backend not in CODE_BACKENDS
        inside = [path for path in self._work.repository.present if path.startswith(f"{folder}/")]
        if any(path.endswith("/model.py") for path in inside):
            return False
        if any(posixpath.basename(path).startswith("model") and path.endswith(MODEL_FILES) for path in inside):
            return True
        return None

    # -- KServe

    def _graphs(self, path: str, root: Entry) -> None:
        nodes = root.get("spec", "nodes")
        name = root.text("metadata", "name") or posixpath.basename(path)
        for key, span, node in nodes.entries if nodes is not None else ():
            router = node.text("routerType") or ""
            listed = node.get("steps")
            if router not in ROUTERS or listed is None:
                continue
            steps = []
            for entry in listed.items:
                service = entry.text("serviceName") or ""
                if service:
                    known = None if any(sign in service for sign in "{$<") else True
                    steps.append(_Step(service, known, entry))
            label = name if key == "root" else f"{name}.{key}"
            self._add(path, label, router.lower(), steps, Site(path, span))

    # -- nodes

    def _add(self, path: str, name: str, combine: str, steps: Sequence[_Step], site: Site) -> None:
        known = {normal_name(one.name) or one.name: one for one in reversed(steps) if one.is_model}
        unknown = {one.name for one in steps if one.is_model is None}
        if len(known) + len(unknown) < 2:
            return
        members = len(known) if len(known) > 1 else Unknown("a served model is not in the repository")
        node = self._work.graph.add(
            "Ensemble", f"{path}:{name}", name, site, combine=combine, does=_WORDS.get(combine, "combines"),
            members=members, member_names=tuple(dict.fromkeys(one.name for one in steps)), families=len(known),
            role=self._role(path), path=path, live=True,
        )  # fmt: skip
        for identity, one in known.items():
            model = self._work.graph.add("Model", f"{path}:{identity}", one.name, Site(path, one.entry.span))
            evidence = Evidence(Site(path, one.entry.span), f"`{one.name}` is one of the members")
            self._work.graph.link(node.id, model.id, "combines", evidence)

    def _role(self, path: str) -> str:
        """What a server is configured to run serves, unless the file is a test or an example."""
        for one in self._work.declared.roles:
            if fnmatch.fnmatch(path, one.path):
                return one.role
        return "test" if is_test(path) else "tutorial" if is_tutorial(path) else "serving"


def _repeated(entry: Entry, key: str) -> Iterator[Entry]:
    """The messages of a repeated field, written as a list or one by one."""
    for name, _, value in entry.entries:
        if name == key:
            yield from value.items if value.kind == "seq" else (value,)
