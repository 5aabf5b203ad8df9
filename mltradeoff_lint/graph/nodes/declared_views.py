"""Feature views as the repository declares them, and which of them the features that a call asks for belong to."""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Instance,
    Items,
    Library,
    Literal,
    Template,
    Value,
    Values,
    known_texts,
)
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.sites import Use

NOT_RESOLVED = Unknown("the features that are asked for did not resolve")
_SERVICE = "feature-service"


class View(NamedTuple):
    """A declared feature view: the call, or the call of the decorator, that declares it."""

    name: str
    ref: CallRef
    meaning: Meaning


class DeclaredViews:
    """Finds the declaration of a feature view by its name or by its object."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._by_name: dict[str, list[View]] = {}
        self._by_call: dict[CallRef, View] = {}
        for use in work.sites.of_kind("feature-view"):
            names = known_texts(work.sites.setting(use, "name"))
            if len(names) == 1:
                self._declare(View(names[0], use.ref, use.meaning))
        for mark in work.sites.marked:
            if mark.meaning.kind == "feature-view" and mark.function is not None and mark.decorator is not None:
                self._declare(View(work.resolver.scope(mark.function).name, mark.decorator, mark.meaning))
        self._services: dict[str, list[Use]] = {}
        for use in work.sites.of_kind(_SERVICE):
            names = known_texts(work.sites.setting(use, "name"))
            if len(names) == 1 and use.meaning.selectors("features") and not is_test(use.ref.path):
                self._services.setdefault(names[0], []).append(use)

    def _declare(self, view: View) -> None:
        if not is_test(view.ref.path):
            self._by_name.setdefault(view.name, []).append(view)
            self._by_call[view.ref] = view

    def named(self, name: str, folders: tuple[str, ...] = ()) -> View | Unknown:
        """The view of a name; of several projects that declare one, the one in a folder that the reader names."""
        found = self._by_name.get(name, [])
        if len(found) > 1:
            found = next((inside for one in folders if (inside := _below(found, one))), found)
        if not found:
            return Unknown(f"the feature view `{name}` is not declared here")
        return found[0] if len(found) == 1 else Unknown(f"several feature views are called `{name}`")

    def names(self, values: Values) -> tuple[str, ...] | Unknown:
        """The view names of a features argument: `view:feature` texts, or a feature service of views."""
        names: dict[str, None] = {}
        for value in values:
            inner = self._names_of(value)
            if isinstance(inner, Unknown):
                return inner
            names.update(dict.fromkeys(inner))
        return tuple(names) if names else NOT_RESOLVED

    def _names_of(self, value: Value) -> tuple[str, ...] | Unknown:
        if isinstance(value, Items) and not value.is_open:
            inner = [self.names(item) for item in value.items]
            unknown = next((one for one in inner if isinstance(one, Unknown)), None)
            return unknown or tuple(name for one in inner if not isinstance(one, Unknown) for name in one)
        if isinstance(value, Literal) and isinstance(value.value, str):
            return (value.value.partition(":")[0],)
        if isinstance(value, Template) and _head(value):
            return (_head(value),)
        if isinstance(value, Library) and value.made:
            return self._of_construction(value)
        return Unknown("a feature object") if isinstance(value, Instance) else NOT_RESOLVED

    def _of_construction(self, value: Library) -> tuple[str, ...] | Unknown:
        made = value.made[-1]
        own = self._by_call.get(made.call)
        if own is not None:
            return (own.name,)
        for use in self._work.sites.at(made.call):
            if use.meaning.kind == _SERVICE:
                return self._of_service(use)
        return Unknown("the feature service did not resolve")

    def _of_service(self, use: Use) -> tuple[str, ...] | Unknown:
        if use.meaning.selectors("features"):
            return self.names(self._work.sites.setting(use, "features"))
        names = known_texts(self._work.sites.setting(use, "name"))
        found = self._services.get(names[0], []) if len(names) == 1 else []
        return self._of_service(found[0]) if len(found) == 1 else Unknown("the feature service did not resolve")


def _head(value: Template) -> str:
    """The name of the view in front of a feature whose name has open parts."""
    first = value.parts[0] if value.parts else ""
    return first.partition(":")[0] if isinstance(first, str) and ":" in first else ""


def _below(views: list[View], folder: str) -> list[View]:
    return [one for one in views if not folder or one.ref.path.startswith(f"{folder}/")]
