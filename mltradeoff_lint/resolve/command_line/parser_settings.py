"""What code tells a parser of command lines beside its options: `set_defaults(...)`, and words of its own to parse."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.calls.handed import passed_names
from mltradeoff_lint.resolve.command_line.option_values import Option, as_number
from mltradeoff_lint.resolve.command_line.signatures import Signature, parse
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Items, Library, Literal, Values, known_texts, union
from mltradeoff_lint.resolve.interface import Resolver

_PARSING = frozenset({"parse_args", "parse_known_args", "parse_intermixed_args"})


def set_defaults(resolver: Resolver, parser: CallRef, name: str) -> tuple[tuple[CallRef, Values], ...]:
    """The calls of `parser.set_defaults(name=...)`, also of sub-parsers, with what they set, in source order."""
    facts = resolver.facts(parser.path)
    found: list[tuple[CallRef, Values]] = []
    for number in _setting_calls(resolver, parser.path):
        given = [expr for key, expr in facts.calls[number].keywords if key == name]
        if not given:
            continue
        values = resolver.values(parser.path, facts.exprs[facts.calls[number].function][1])
        if any(isinstance(one, Library) and one.made and one.made[0].call == parser for one in values):
            found.append((CallRef(parser.path, number), resolver.values(parser.path, given[0])))
    return tuple(sorted(found, key=lambda one: resolver.call(one[0]).span))


def names_set(resolver: Resolver, parser: CallRef) -> tuple[str, ...]:
    """The attributes that some `set_defaults(...)` of a module with a parser gives; the parser may be another one."""
    facts = resolver.facts(parser.path)
    calls = (call for call in facts.calls if facts.exprs[call.function][2:] == ("set_defaults",))
    return tuple(dict.fromkeys(key for call in calls for key, _ in call.keywords if key is not None))


def _setting_calls(resolver: Resolver, path: str) -> tuple[int, ...]:
    def find() -> tuple[int, ...]:
        facts = resolver.facts(path)
        return tuple(
            number
            for number, call in enumerate(facts.calls)
            if facts.exprs[call.function][0] == "attr" and facts.exprs[call.function][2] == "set_defaults"
        )

    return resolver.program.ask("parser-defaults", path, find)


def kept_as(resolver: Resolver, function: FunctionRef) -> frozenset[str]:
    """The attributes of parsed arguments that hold a function: `run.set_defaults(handler=train)` gives `handler`."""
    name = resolver.scope(function).name

    def find() -> frozenset[str]:
        found: set[str] = set()
        for ref in passed_names(resolver).get(name, ()):
            call, exprs = resolver.call(ref), resolver.facts(ref.path).exprs
            if exprs[call.function][2:] == ("set_defaults",):
                found.update(key for key, expr in call.keywords if key and name in exprs[expr][1:3])
        return frozenset(found)

    return resolver.program.ask("kept-as", name, find)


def default_of(resolver: Resolver, added: CallRef, own: Values, settings: tuple[tuple[CallRef, Values], ...]) -> Values:
    """The default of an option: what is set behind it replaces its own, what is set before only fills a gap."""
    behind = [
        values
        for ref, values in settings
        if ref.path != added.path or resolver.call(ref).span > resolver.call(added).span
    ]
    if behind:
        return union(*behind)
    return own or union(*(values for _, values in settings))


def own_words(resolver: Resolver, value: Library) -> tuple[tuple[str, ...], ...] | None:
    """The words that `parser.parse_args([...])` is given in code; None when it takes those of the command line."""
    made = value.made[-1]
    call, exprs = resolver.call(made.call), resolver.facts(made.call.path).exprs
    function = exprs[call.function]
    if function[0] != "attr" or function[2] not in _PARSING:
        return None
    given = [*call.arguments[:1], *(expr for key, expr in call.keywords if key == "args")]
    found: list[tuple[str, ...]] = []
    for listed in resolver.values(made.call.path, given[0], made.frame) if given and given[0] != NONE else ():
        if not isinstance(listed, Items) or listed.is_open:
            return None
        words = [known_texts(item) for item in listed.items]
        if any(len(one) != 1 for one in words):
            return None
        found.append(tuple(one[0] for one in words))
    return tuple(found) or None


def passed_in(words: tuple[str, ...], option: Option, signature: Signature) -> Values:
    """What some words pass for an option; empty when they leave it out."""
    return union(*_passed_in(words, option, signature))


def _passed_in(words: tuple[str, ...], option: Option, signature: Signature) -> Iterator[Values]:
    parsed = parse(words, signature)
    if parsed is None:
        return
    taken = parsed.positionals[option.position :] if option.position is not None else ()
    given = [held for flag, held in parsed.options.items() if flag in option.flags]
    if any(flag in parsed.options for flag in option.off):
        yield (Literal(False),)
    elif option.takes == 0 and given:
        yield option.present
    else:
        held = taken or (given[-1] if given else ())
        each = [Literal(word) for word in held]
        typed = [(as_number(one) if option.is_number else one,) for one in each]
        if typed:
            yield typed[0] if option.takes == 1 else (Items(tuple(typed)),)
