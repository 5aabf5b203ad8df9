"""Splits shell text into simple commands and assignments, by the POSIX grammar without expanding anything.

What it keeps: words without their quotes, `$VAR` as written; environment prefixes; here-documents. Command
substitutions are scanned as commands of their own, `MAX_NESTING` deep. Linear in the text: whatever is not closed runs
to the end of it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mltradeoff_lint.model.facts import Assignment, ShellCommand
from mltradeoff_lint.readers.decoding import Positions

MAX_COMMANDS = 20_000
"""Most commands of a text."""
MAX_NESTING = 6
"""Deepest nesting of command substitutions that is looked into."""

_NAME = re.compile(r"([A-Za-z_]\w*)(\[[^\]\s]*\])?(\+?)=")
_PLAIN = re.compile(r"[^\s;&|()<>\"'\\$`]+")
_QUOTED = re.compile(r'[^"\\$`]+')
_VARIABLE = re.compile(r"\$(?:[A-Za-z_]\w*|[0-9@*#?$!-])")
_BREAK = re.compile(r"\r\n|\r|\n")
_CONTINUED = re.compile(r"\\(?:\r\n|\r|\n)")
_REDIRECT = re.compile(r"<<<|<<-?|<>|<&|&>>|&>|>>|>&|>\||<|>")
_LEADING = frozenset(
    {"if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "time", "fi", "done", "esac"}
)
_DROPPED = frozenset({"for", "select", "case", "function"})
_OPENING = frozenset({"if", "while", "until", "for", "select", "case"})
_CLOSING = frozenset({"fi", "done", "esac"})
_DECLARING = frozenset({"export", "declare", "typeset", "readonly", "local"})


class Heredoc(NamedTuple):
    """A here-document: the words of the command it is fed to, and the offsets of its body."""

    words: tuple[str, ...]
    start: int
    end: int


class Script(NamedTuple):
    """What a shell text holds, in order."""

    assignments: tuple[Assignment, ...]
    commands: tuple[ShellCommand, ...]
    heredocs: tuple[Heredoc, ...]
    is_whole: bool
    """False when `MAX_COMMANDS` stopped the scan."""


class _Word(NamedTuple):
    text: str
    is_literal: bool
    start: int
    end: int


class _Pending(NamedTuple):
    """A here-document whose body begins behind the line."""

    ending: str
    strips: bool
    command: int


def scan(text: str) -> Script:
    """Split a shell text into commands and assignments."""
    scanner = _Scanner(text)
    scanner.run()
    assignments = sorted(scanner.assignments, key=lambda found: found.span)
    commands = sorted(scanner.commands, key=lambda found: found.span)
    return Script(tuple(assignments), tuple(commands), tuple(scanner.heredocs), scanner.is_whole)


class _Scanner:
    """Reads ranges of the text: the whole, then each command substitution in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._positions = Positions(text)
        self._ranges = [(0, len(text), 0)]
        self._nesting = 0
        self._words: list[_Word] = []
        self._pending: list[_Pending] = []
        self._blocks = 0
        self._follows_test = False
        self.assignments: list[Assignment] = []
        self.commands: list[ShellCommand] = []
        self.heredocs: list[Heredoc] = []
        self.is_whole = True

    def run(self) -> None:
        """Read every range; ranges that are found on the way are appended."""
        for start, end, nesting in self._ranges:
            self._nesting = nesting
            self._words, self._pending = [], []
            self._blocks, self._follows_test = 0, False
            self._range(start, end)
            self._finish()
            if len(self.commands) >= MAX_COMMANDS:
                self.is_whole = False
                return

    def _range(self, at: int, end: int) -> None:
        text, depth = self._text, 0
        while at < end and len(self.commands) < MAX_COMMANDS:
            sign = text[at]
            if sign in "\r\n":
                self._finish()
                found = _BREAK.match(text, at)
                at = self._bodies(found.end() if found else at + 1, end)
            elif sign.isspace():
                at += 1
            elif sign == "\\" and (found := _CONTINUED.match(text, at)):
                at = found.end()
            elif sign == "#":
                at = self._line_end(at, end)
            elif sign in "<>" or text.startswith("&>", at):
                at = self._redirect(at, end)
            elif sign in ";&|":
                self._finish()
                self._follows_test = text.startswith(("&&", "||"), at)
                at += 2 if self._follows_test else 1
            elif sign == "(":
                at, depth = self._open(at, end, depth)
            elif sign == ")":
                if depth:
                    self._finish()
                self._words, depth = [], max(depth - 1, 0)
                at += 1
            else:
                at = self._take(at, end)

    def _open(self, at: int, end: int, depth: int) -> tuple[int, int]:
        """A subshell, an arithmetic command, a function's `()`, or the list of an array assignment."""
        text = self._text
        if text.startswith("((", at):
            return self._balanced(at + 2, end, "))"), depth
        last = self._words[-1] if self._words else None
        if last is not None and last.end == at and last.text.endswith("="):
            closed = self._balanced(at + 1, end, ")")
            self._words[-1] = _Word(last.text + text[at:closed], False, last.start, closed)
            return closed, depth
        if last is not None and text[at + 1 : at + 2] == ")":
            self._words = []
            return at + 2, depth
        self._finish()
        return at + 1, depth + 1

    def _take(self, at: int, end: int) -> int:
        word = self._word(at, end)
        if word.text == "[[" and not any(before.text not in _LEADING for before in self._words):
            closed = self._text.find("]]", word.end, min(word.end + 4096, end))
            if closed >= 0:
                return closed + 2
        self._words.append(word)
        return max(word.end, at + 1)

    def _word(self, start: int, end: int) -> _Word:
        """One word from an offset that is neither white space nor an operator."""
        text, at, pieces, is_literal = self._text, start, [], True
        while at < end:
            sign = text[at]
            if found := _PLAIN.match(text, at, end):
                pieces.append(found[0])
                at = found.end()
            elif sign == "'":
                closed = text.find("'", at + 1, end)
                closed = end if closed < 0 else closed
                pieces.append(text[at + 1 : closed])
                at = min(closed + 1, end)
            elif sign == '"':
                at, literal = self._double_quoted(at + 1, end, pieces)
                is_literal = is_literal and literal
            elif sign == "\\":
                found = _CONTINUED.match(text, at)
                if found is None:
                    pieces.append(text[at + 1 : at + 2])
                at = min(found.end() if found else at + 2, end)
            elif sign in "$`":
                at, literal = self._expansion(at, end, pieces)
                is_literal = is_literal and literal
            else:
                break
        return _Word("".join(pieces), is_literal, start, at)

    def _double_quoted(self, at: int, end: int, pieces: list[str]) -> tuple[int, bool]:
        text, is_literal = self._text, True
        while at < end and text[at] != '"':
            if found := _QUOTED.match(text, at, end):
                pieces.append(found[0])
                at = found.end()
            elif text[at] == "\\":
                found = _CONTINUED.match(text, at)
                kept = text[at + 1 : at + 2]
                if found is None:
                    pieces.append(kept if kept in '"\\$`' else f"\\{kept}")
                at = found.end() if found else at + 2
            else:
                at, literal = self._expansion(at, end, pieces)
                is_literal = is_literal and literal
        return min(at + 1, end), is_literal

    def _expansion(self, at: int, end: int, pieces: list[str]) -> tuple[int, bool]:
        """Keep `$...` or a backtick substitution as written; whether it was a literal after all (a lone `$`)."""
        text = self._text
        if text.startswith("$'", at):
            closed = text.find("'", at + 2, end)
            closed = end if closed < 0 else closed
            pieces.append(text[at + 2 : closed])
            return min(closed + 1, end), True
        if text[at] == "`":
            closed = text.find("`", at + 1, end)
            closed = end if closed < 0 else closed
            inner, after = at + 1, min(closed + 1, end)
        elif text.startswith("${", at):
            inner, closed = -1, self._balanced(at + 2, end, "}")
            after = closed
        elif text.startswith("$(", at):
            after = self._balanced(at + 2, end, ")")
            is_arithmetic = text.startswith("$((", at)
            inner, closed = (-1 if is_arithmetic else at + 2), max(after - 1, at + 2)
        elif found := _VARIABLE.match(text, at, end):
            inner, closed, after = -1, 0, found.end()
        else:
            pieces.append(text[at])
            return at + 1, True
        if inner >= 0 and self._nesting < MAX_NESTING:
            self._ranges.append((inner, closed, self._nesting + 1))
        pieces.append(text[at:after])
        return after, False

    def _balanced(self, at: int, end: int, closer: str) -> int:
        """The offset behind the sign that closes a bracket opened just before `at`; the end when nothing does."""
        text, stack = self._text, list(closer)
        while at < end and stack:
            sign, top = text[at], stack[-1]
            if sign == "\\":
                at += 1
            elif sign == top:
                stack.pop()
            elif text.startswith(("$(", "${"), at):
                stack.append(")" if text[at + 1] == "(" else "}")
                at += 1
            elif sign == '"':
                stack.append('"')
            elif top == '"':
                pass
            elif sign == "'":
                closed = text.find("'", at + 1, end)
                at = end if closed < 0 else closed
            elif (sign == "(" and top == ")") or (sign == "{" and top == "}"):
                stack.append(top)
            at += 1
        return min(at, end)

    def _redirect(self, at: int, end: int) -> int:
        text = self._text
        if text.startswith(("<(", ">("), at):
            closed = self._balanced(at + 2, end, ")")
            if self._nesting < MAX_NESTING:
                self._ranges.append((at + 2, max(closed - 1, at + 2), self._nesting + 1))
            self._words.append(_Word(text[at:closed], False, at, closed))
            return closed
        found = _REDIRECT.match(text, at)
        sign = found[0] if found else text[at]
        if self._words and self._words[-1].end == at and self._words[-1].text.isdigit():
            self._words.pop()
        at += len(sign)
        while at < end and text[at] in " \t":
            at += 1
        if at >= end or text[at] in "\r\n;&|()<>#":
            return at
        target = self._word(at, end)
        if sign in ("<<", "<<-"):
            self._pending.append(_Pending(target.text, sign == "<<-", len(self.commands)))
        return max(target.end, at + 1)

    def _bodies(self, at: int, end: int) -> int:
        """Step over the here-documents whose bodies begin here."""
        for pending in self._pending:
            start, body_end = at, end
            while at < end:
                line_end = self._line_end(at, end)
                line = self._text[at:line_end]
                found = _BREAK.match(self._text, line_end)
                after = min(found.end(), end) if found else end
                if (line.lstrip("\t") if pending.strips else line) == pending.ending:
                    body_end, at = at, after
                    break
                at = after
            words = self.commands[pending.command].words if pending.command < len(self.commands) else ()
            self.heredocs.append(Heredoc(words, start, body_end))
        self._pending = []
        return at

    def _line_end(self, at: int, end: int) -> int:
        found = _BREAK.search(self._text, at, end)
        return found.start() if found else end

    def _finish(self) -> None:
        """End the command that is being read."""
        words, self._words = self._words, []
        if not words:
            return
        follows_test, self._follows_test = self._follows_test, False
        first = 0
        while first < len(words) and words[first].text in _LEADING:
            self._note_block(words[first].text)
            first += 1
        words = words[first:]
        if not words:
            return
        self._note_block(words[0].text)
        is_conditional = follows_test or self._blocks > 0
        if words[0].text in _DROPPED:
            self._loop(words)
        elif words[0].text in _DECLARING:
            exported = words[0].text == "export" or any(word.text.startswith("-x") for word in words)
            for word in words[1:]:
                if not word.text.startswith("-"):
                    self.assignments.append(self._assignment(word, exported, is_conditional))
        else:
            self._command(words, is_conditional)

    def _note_block(self, word: str) -> None:
        """Count the branches and loops that are open."""
        self._blocks = max(self._blocks + (word in _OPENING) - (word in _CLOSING), 0)

    def _loop(self, words: list[_Word]) -> None:
        """The values that `for name in words` gives a variable."""
        if len(words) > 3 and words[0].text == "for" and words[2].text == "in":
            for position, word in enumerate(words[3:]):
                span = self._positions.span(word.start, word.end)
                value = word.text if word.is_literal else None
                text = "" if word.is_literal else word.text
                self.assignments.append(Assignment(words[1].text, value, False, span, text, position > 0))

    def _command(self, words: list[_Word], is_conditional: bool) -> None:
        if words[0].text == "env" and len(words) > 1 and _NAME.match(self._text, words[1].start, words[1].end):
            words = words[1:]
        prefix = 0
        while prefix < len(words) and _NAME.match(self._text, words[prefix].start, words[prefix].end):
            prefix += 1
        is_alone = prefix == len(words)
        set_here = tuple(self._assignment(word, not is_alone, is_alone and is_conditional) for word in words[:prefix])
        if is_alone:
            self.assignments += set_here
            return
        span = self._positions.span(words[0].start, words[-1].end)
        self.commands.append(ShellCommand(tuple(word.text for word in words[prefix:]), set_here, span))

    def _assignment(self, word: _Word, exported: bool, is_conditional: bool) -> Assignment:
        name, equals, value = word.text.partition("=")
        is_literal = word.is_literal and bool(equals) and not name.endswith(("+", "]"))
        is_written = bool(equals) and not is_literal and not name.endswith(("+", "]"))
        name = name.rstrip("+").split("[", 1)[0]
        span = self._positions.span(word.start, word.end)
        text = value if is_written else ""
        return Assignment(name, value if is_literal else None, exported, span, text, is_conditional)
