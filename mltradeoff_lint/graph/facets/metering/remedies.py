"""The one concrete step that would record a model call in this repository: its own meter, else the usage of the SDK."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mltradeoff_lint.catalog.tables import Called, Meter, Tables, UsageRow
from mltradeoff_lint.graph.facets.metering.delivery import Deliveries
from mltradeoff_lint.graph.facets.metering.http_streams import event_text, sends
from mltradeoff_lint.graph.facets.metering.pinned_versions import is_before
from mltradeoff_lint.graph.facets.metering.process_switches import configured, start
from mltradeoff_lint.graph.facets.metering.requirement_files import RequirementFiles
from mltradeoff_lint.graph.facets.metering.response_names import INPUT, filled
from mltradeoff_lint.graph.facets.metering.step_keys import with_step
from mltradeoff_lint.graph.facets.metering.stream_readers import is_half_read, last_reader
from mltradeoff_lint.graph.facets.metering.usage_reads import UsageRead, UsageReads
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import dotted
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.folders import is_test, is_tutorial
from mltradeoff_lint.resolve.shown_places import shown
from mltradeoff_lint.resolve.sites import Use

_TOLD_SINCE: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "langchain": {"langchain-core": (0, 3, 49), "langchain": (0, 3)},
    "cohere": {"cohere": (5,)},
}
"""By SDK the versions since which it tells usage as it does now; rows of the table that are `dated` hold before.

LangChain tells it to a context: `langchain` before 0.3 runs on an older core only. Cohere gave a dict before 5.
https://github.com/cohere-ai/cohere-python/blob/main/4.0.0-5.0.0-migration-guide.md
https://reference.langchain.com/v0.3/python/core/callbacks/langchain_core.callbacks.usage.get_usage_metadata_callback.html
"""

EVENT = "<event>"
USAGE = "<usage>"
"""How a line of the table writes an event of a stream over HTTP, and what tells the usage of the call."""

EACH = re.compile(r"<each:\w+>")

VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*=\S+")
"""A line that sets a variable of the environment, which stands in no function."""

ENVIRONMENT = ".env"

SHOWN = 87
"""Characters of a line with `<usage>` in it, so that a message shows all of what it becomes."""


SENTENCE = 79
"""Characters that a message shows of the end of its words, without the colon."""


class Remedy(NamedTuple):
    """Lines of code and the words in front of them."""

    lines: tuple[str, ...]
    how: str
    where: str
    """Which part of the response tells the usage, or what else ends the sentence in front of the lines."""
    readers: tuple[FunctionRef, ...] = ()
    """The functions that read a stream to its end, where the one around the call leaves that to others."""
    places: tuple[str, ...] = ()
    """Where the lines belong when that is no function."""


class Remedies:
    """Chooses remedies by what the repository already uses."""

    def __init__(self, work: Workspace, reads: UsageReads, deliveries: Deliveries, tables: Tables) -> None:
        self._work = work
        self._tables = tables
        self._deliveries = deliveries
        self._files = RequirementFiles(work)
        self._own = self._find_own(reads)

    def of(self, use: Use, provider: str, operation: str, called: Called) -> Remedy:
        """What to add for a call: an instrument that is a dependency already, else the usage field of the SDK."""
        family = "langchain" if use.value.path.startswith("langchain") else provider
        is_dated = self._is_dated(family, use.ref.path)
        called = called._replace(is_dated=is_dated)
        row = self._either(use, self._deliveries.usage(use, operation, called), operation, called)
        # no instrument of an SDK sees a request that the repository sends itself
        is_over_http = use.meaning.literal("provider") == "http"
        switched = self._switched(use, "http" if is_over_http else family, operation, row)
        return switched or self._read(use, operation, *self._handed_on(row, use))

    def _read(self, use: Use, operation: str, row: UsageRow, readers: tuple[FunctionRef, ...]) -> Remedy:
        """The lines that read the usage, as another place of the project does for its own call where there is one."""
        lines, is_field = self._lines(row, use)
        modules = self._work.resolver.program.modules
        project = modules.project_of(use.ref.path)
        own = [site for site in self._own.get(_kind(operation), ()) if modules.project_of(site.path) == project]
        nearest = max(own, key=lambda site: len(posixpath.commonprefix([site.path, use.ref.path])), default=None)
        if nearest is not None:
            place = posixpath.basename(shown(self._work.resolver, nearest))
            words = "what the response tells of its use" if is_field else "its usage"
            if row.told:
                return Remedy(lines, f"Record {words} as {place} does for another call,", f"{row.told}:", readers)
            return Remedy(lines, f"Record {words} as {place} does", "for another call:", readers)
        words = "the response of this call tells of its use" if is_field else "this call used"
        if row.switch:
            name = configured(self._work, row.switch.partition(".")[0], use.ref.path)
            place = f"in {name}" if name else "where the process starts"
            row = row._replace(told=f"which {row.switch} {place} switches on")
        if row.told:
            return Remedy(lines, f"Log what {words}, with the feature it is for,", f"{row.told}:", readers)
        return Remedy(lines, f"Log what {words},", "with the feature it is for:", readers)

    def _either(self, use: Use, row: UsageRow, operation: str, called: Called) -> UsageRow:
        """A row with what tells the usage of a stream too, where a switch that is not known makes the answer one."""
        stream = self._deliveries.of_stream(use, operation, called)
        if stream is None:
            return row
        lines = (*row.lines, *self._asks(stream, use), *stream.lines)
        told = _to_clause(f"and where it streams {stream.told or 'of its last chunk'}")
        return row._replace(lines=lines, told=told, is_of_stream=True)

    def _handed_on(self, row: UsageRow, use: Use) -> tuple[UsageRow, tuple[FunctionRef, ...]]:
        """A row in the words of the function that reads the stream to its end, with the functions that read it."""
        places = [place for place, line in enumerate(row.lines) if EACH.search(line)]
        reader = last_reader(self._work, use.ref) if row.is_of_stream and places else None
        if reader is None:
            return row, ()
        # what only the first events tell is gone where the first reader has taken them
        is_shared = len(places) > 1 and is_half_read(self._work, use.ref)
        # what is told of a whole answer is read where the call stands
        is_either = len(row.lines) > len(places)
        lines = list(row.lines)
        for place in places[-1:] if is_shared else places:
            lines[place] = EACH.sub(reader.each, lines[place])
        first = (self._work.reach.holder(use.ref),) if is_shared or is_either else ()
        return row._replace(lines=tuple(lines)), (*first, reader.function)

    def _switched(self, use: Use, family: str, operation: str, row: UsageRow) -> Remedy | None:
        """The lines of a product that is a dependency already; None without one that reaches the call."""
        # what records texts in and out sees no recording and no picture, and no embedding of LangChain has callbacks
        is_seen = _kind(operation) not in ("audio", "image") and (family, operation) != ("langchain", "embed")
        for meter in self._tables.meters if is_seen else ():
            lines = meter.lines_for(family, use.value.path)
            file = self._holder(meter, family, use.ref.path) if lines else ""
            if file:
                told = self._usage(row, use)
                lines = tuple(one.replace(USAGE, told if len(one + told) <= SHOWN else "...") for one in lines)
                asks = self._asks(row, use) if family == "http" else ()
                already = f"{meter.product} is in {file} already;"
                if all(VARIABLE.fullmatch(line) for line in lines):
                    return Remedy(lines, already, "switch it on by a variable:", places=(ENVIRONMENT,))
                if meter.is_process:
                    root = lines[0].partition(".")[0]
                    place = configured(self._work, root, use.ref.path) or start(
                        self._work, self._work.reach.holder(use.ref)
                    )
                    return Remedy(lines, already, "switch it on once, where the process starts:", places=(place,))
                return Remedy((*asks, *lines), already, "switch it on here:")
        return None

    def _usage(self, row: UsageRow, use: Use) -> str:
        """The expression that tells the usage of a call where a row is no more than that, else `...`."""
        lines, is_field = self._lines(row._replace(asks=""), use)
        is_expression = len(lines) == 1 and not is_field and " = " not in lines[0]
        return lines[0] if is_expression else "..."

    def asked(self, use: Use) -> str:
        """The argument without which the stream of a call ends without usage."""
        return self._deliveries.usage(use).asks

    def _lines(self, row: UsageRow, use: Use) -> tuple[tuple[str, ...], bool]:
        """What a row tells to write, the argument that the call lacks first; and whether it is no more than a field."""
        asks = self._asks(row, use)
        given = self._given(use) if any(INPUT in line for line in row.lines) else ""
        event = event_text(self._work, use.ref) if any(EVENT in line for line in row.lines) else ""
        written = [with_step(self._work, use, line.replace(EVENT, event)) for line in row.lines]
        found = [filled(line, self._work.resolver, use.ref, given) for line in written]
        return (*asks, *(one.text for one in found)), len(found) == 1 and found[0].is_field

    def _asks(self, row: UsageRow, use: Use) -> tuple[str, ...]:
        """What a row wants a stream to be asked for, an argument or an entry of a body; empty where the call has it."""
        keywords = {name for name, _ in self._work.resolver.call(use.ref).keywords}
        if not row.asks or row.asks.partition("=")[0] in keywords:
            return ()
        return () if sends(self._work, use, row.asks.partition(":")[0].strip('"')) else (row.asks,)

    def _given(self, use: Use) -> str:
        """The name of what a model is given, by the row of the call; empty where it has none."""
        facts, prompts = self._work.resolver.facts(use.ref.path), use.meaning.selectors("prompt")
        return next((found for one in self._work.sites.select(use.ref, prompts) if (found := dotted(facts, one))), "")

    def _is_dated(self, family: str, path: str) -> bool:
        """Whether a project asks for an SDK from before it told usage as it does now."""
        return any(
            is_before(specifier, version)
            for name, version in _TOLD_SINCE.get(family, {}).items()
            for specifier in self._files.specifiers(name, path)
        )

    def _find_own(self, reads: UsageReads) -> dict[str, list[Site]]:
        """By kind of call, where the code outside tests reads what a response tells of its usage."""
        found: dict[str, set[Site]] = {}
        for ref, own in reads.by_call.items():
            # a request over HTTP is no model call until its address says so
            for kind in {_kind(one.meaning.literal("operation", "chat")) for one in self._models(ref)}:
                found.setdefault(kind, set()).update(one.site for one in own if _is_told(one))
        return {kind: sorted(sites) for kind, sites in found.items()}

    def _holder(self, meter: Meter, family: str, path: str) -> str:
        """The requirement file that names the distribution in which a product's line is found; empty without one."""
        if family not in meter.needs:
            named = (self._files.naming(name, path) for name in meter.distributions)
            return next((found for found in named if found), "")
        files = [self._files.naming(name, path) for name in meter.needs[family]]
        return files[-1] if all(files) else ""

    def _models(self, ref: CallRef) -> Sequence[Use]:
        uses = self._work.sites.at(ref)
        return [use for use in uses if use.meaning.kind == "model-call" and use.meaning.literal("provider") != "http"]


def _to_clause(words: str) -> str:
    """Words up to the last comma that leaves them short enough to be shown to their end."""
    return words if len(words) < SENTENCE else words[:SENTENCE].rpartition(",")[0] or words


def _kind(operation: str) -> str:
    """Calls of which the usage is counted alike: what chats and agents use are tokens that go in and out."""
    return "chat" if operation in ("chat", "agent", "batch") else operation


def _is_told(read: UsageRead) -> bool:
    """Whether a read is one of what a response tells, outside tests and tutorials: a count of a text is no model."""
    path = read.site.path
    return read.is_told and not is_test(path) and not is_tutorial(path)
