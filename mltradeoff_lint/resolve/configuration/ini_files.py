"""What `configparser` makes of an INI file: defaults under every section, and references between options.

https://docs.python.org/3/library/configparser.html: `%(name)s` (basic) and `${section:name}` (extended interpolation).
"""

from __future__ import annotations

import re

from mltradeoff_lint.resolve.domain import Literal, Mapping, Value, Values, known_texts

DEFAULTS = "DEFAULT"
MAX_HOPS = 10
"""References that lead to references further than this stay as written (configparser raises an error at ten)."""

_REFERENCE = re.compile(r"%\((?P<name>[^()]+)\)s|\$\{(?:(?P<section>[^:{}]+):)?(?P<option>[^:{}]+)\}")


def with_defaults(values: Values) -> Values:
    """The sections of an INI file, each with the defaults of the file under its own options, references filled."""
    return tuple(_document(value) if isinstance(value, Mapping) else value for value in values)


def _document(document: Mapping) -> Value:
    sections: dict[str, dict[str, Values]] = {}
    for name, held in document.entries:
        for one in held:
            if isinstance(one, Mapping):
                sections.setdefault(name, {}).update(one.entries)
    defaults = sections.get(DEFAULTS, {})
    whole = {name: {**defaults, **options} for name, options in sections.items()}
    return Mapping(
        tuple(
            (name, (Mapping(tuple((key, _filled(whole, name, held)) for key, held in options.items())),))
            for name, options in whole.items()
        )
    )


def _filled(sections: dict[str, dict[str, Values]], section: str, values: Values) -> Values:
    return tuple(
        Literal(_text(sections, section, value.value, 0), value.provenance)
        if isinstance(value, Literal) and isinstance(value.value, str)
        else value
        for value in values
    )


def _text(sections: dict[str, dict[str, Values]], section: str, text: str, hops: int) -> str:
    def referred(found: re.Match[str]) -> str:
        where = found["section"] or section
        name = (found["name"] or found["option"]).strip().lower()
        held = known_texts(sections.get(where, {}).get(name, ()))
        if len(held) != 1 or len(text) > 2000:
            return found[0]
        return _text(sections, where, held[0], hops + 1)

    return text if hops >= MAX_HOPS else _REFERENCE.sub(referred, text)
