"""Objects made of configuration: merged settings, models made from data, parsers that are filled by a later call."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning, Selector
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.configuration.composed_configs import ComposedConfigs
from mltradeoff_lint.resolve.configuration.configs import Configs
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    Frame,
    Instance,
    Items,
    Library,
    Literal,
    Mapping,
    Value,
    Values,
    known_texts,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.field_data import as_mapping, changed
from mltradeoff_lint.resolve.objects.model_data import made_of
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.merging import merged

_FILLED_LATER = ("configparser.",)
"""Roots of access paths whose objects are empty when they are made and are filled by a call of theirs."""


class ConfigObjects:
    """Answers what calls that handle settings give."""

    def __init__(self, resolver: Resolver, configs: Configs) -> None:
        self._resolver = resolver
        self._configs = configs
        self._trees = ComposedConfigs(resolver, configs)

    def called(self, meaning: Meaning, site: CallRef, frame: Frame | None) -> Values | None:
        """What a call with a meaning of settings gives; None when it is no such call or nothing is known of it."""
        if meaning.kind == "from-data":
            return self._from_data(meaning, site, frame)
        if meaning.kind == "lookup":
            return self._looked_up(meaning, site, frame)
        if meaning.kind == "config-tree" and meaning.selectors("name"):
            return self._trees.called(meaning, site, frame)
        return None

    # -- made from data

    def _from_data(self, meaning: Meaning, site: CallRef, frame: Frame | None) -> Values | None:
        if meaning.selectors("merged"):
            whole: Values = ()
            for values in self._each(meaning.selectors("merged"), site, frame):
                whole = merged(whole, self._configs.unfilled(values))
            return self._configs.filled(whole, site.path) if whole else None
        if meaning.selectors("plain"):
            held = union(*self._each(meaning.selectors("plain"), site, frame))
            return tuple(as_mapping(one) for one in held) or None
        if meaning.selectors("copy") or meaning.literal("keywords"):
            return self._of_keywords(meaning, site, frame)
        data = union(*self._each(meaning.selectors("data"), site, frame))
        for value in union(*self._each(meaning.selectors("file"), site, frame)):
            for name in self._configs.names(value):
                data = union(data, self._configs.content(site.path, name) or ())
        classes = [one for one in self._classes(meaning, site, frame) if isinstance(one, Class)]
        if not classes:
            return None
        data = data or unknown("data that is not visible here")
        return union(*(made_of(one.ref, data) for one in classes))

    def _of_keywords(self, meaning: Meaning, site: CallRef, frame: Frame | None) -> Values | None:
        """An object with some fields changed, or a namespace of what its call names."""
        whole: Values = union(*self._each((*meaning.selectors("changes"), *meaning.selectors("data")), site, frame))
        for key, expr in self._resolver.call(site).keywords if meaning.literal("keywords") else ():
            held = self._resolver.values(site.path, expr, frame)
            whole = merged(whole or (Mapping(()),), held if key is None else (Mapping(((key, held),)),))
        held = union(*self._each(meaning.selectors("copy"), site, frame))
        if not meaning.selectors("copy"):
            return whole or None
        changes = [one if isinstance(one, Mapping) else Mapping((), is_open=True) for one in whole or (Mapping(()),)]
        copied = (changed(one, each) for one in held if isinstance(one, Instance) for each in changes)
        return union(tuple(copied)) or held or None

    def _classes(self, meaning: Meaning, site: CallRef, frame: Frame | None) -> Values:
        return union(*self._each(meaning.selectors("type"), site, frame))

    def _each(self, selectors: tuple[Selector, ...], site: CallRef, frame: Frame | None) -> Iterator[Values]:
        """The values of each selected argument, in order."""
        facts = self._resolver.facts(site.path)
        call = facts.calls[site.call]
        for selector in selectors:
            exprs: tuple[int, ...]
            if selector.role == "self":
                function = facts.exprs[call.function]
                exprs = (function[1],) if function[0] == "attr" else ()
            elif selector.role == "*":
                exprs = tuple(one for one in call.arguments if facts.exprs[one][0] != "star")
            else:
                found = pick(facts, site, selector)
                exprs = (found,) if found != NONE else ()
            yield from (self._resolver.values(site.path, expr, frame) for expr in exprs)

    # -- looked up

    def _looked_up(self, meaning: Meaning, site: CallRef, frame: Frame | None) -> Values | None:
        held = union(*self._each(meaning.selectors("of"), site, frame))
        default = union(*self._each(meaning.selectors("default"), site, frame))
        values = union(*(self.contents(one) or (one,) for one in held))
        if not any(isinstance(one, Mapping) for one in values):
            return None
        for keys in self._each(meaning.selectors("keys"), site, frame):
            texts = known_texts(keys)
            if len(texts) != 1:
                return None
            for step in texts[0].split(".") if meaning.literal("dotted") else (texts[0],):
                values = _under(values, step)
        return tuple(_converted(one, meaning.literal("as")) for one in values) or default or None

    def contents(self, value: Value) -> Values:
        """What an object holds that is filled after it is made, such as a `ConfigParser`; empty for any other."""
        if not isinstance(value, Library) or not value.path.startswith(_FILLED_LATER) or not value.made:
            return ()
        origin = value.made[0].call
        key = ("filled", origin)
        return self._resolver.program.ask("config-object", key, lambda: self._filled(value, origin))

    def _filled(self, value: Library, origin: CallRef) -> Values:
        whole: Values = ()
        facts = self._resolver.facts(origin.path)
        for number, call in list(enumerate(facts.calls)):
            function = facts.exprs[call.function]
            if function[0] != "attr" or not function[2].startswith("read"):
                continue
            receivers = self._resolver.values(origin.path, function[1])
            if any(isinstance(one, Library) and one.made and one.made[0].call == origin for one in receivers):
                access = self._resolver.program.catalog.member(value.path, function[2])
                whole = merged(whole, self._configs.parsed(Library(access), CallRef(origin.path, number), None) or ())
        return whole


def _under(values: Values, step: str) -> Values:
    found: list[Values] = []
    for value in values:
        held = value.get(step) if isinstance(value, Mapping) else None
        if held is None and isinstance(value, Items) and step.isdecimal() and int(step) < len(value.items):
            held = value.items[int(step)]
        found += [held] if held is not None else []
    return union(*found)


def _converted(value: Value, kind: str) -> Value:
    """A text as `getint`, `getfloat` and `getboolean` read it; what is no such text stays as it is."""
    if not kind or not isinstance(value, Literal) or not isinstance(value.value, str):
        return value
    text = value.value.strip().lower()
    if kind == "bool":
        known = {
            "1": True,
            "yes": True,
            "true": True,
            "on": True,
            "0": False,
            "no": False,
            "false": False,
            "off": False,
        }
        return Literal(known[text], value.provenance) if text in known else value
    try:
        return Literal(int(text) if kind == "int" else float(text), value.provenance)
    except ValueError:
        return value
