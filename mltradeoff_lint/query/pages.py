"""Rule pages: `rule.md` is the documentation of a rule and, under two of its headings, its tests.

Every `###` under *Flagged* and *Not flagged* is one case: a small repository whose files are the fenced blocks,
each named by the line before it ("`train.py`:"). Marks say what must be found, on the line where it is found:

| mark | meaning |
|---|---|
| `# finding: rule-name` | a finding stands here; `# finding: rule-name high` also gives its severity |
| `# todo-finding: rule-name` | a known miss: there should be a finding here and there is none yet |
| `# todo-silent: rule-name` | a known false alarm: there is a finding here and there should be none |
| `# silent: rule-name because unless.2` | anywhere in the case: without that clause there would be a finding |

Marks are taken off before the program sees the file, so that formats without comments may hold them too. Where a
mark cannot stand at the end of a line (a notebook), the text of the case says it: "Finding: rule-name at
`train.ipynb:12`", "Silent: rule-name because unless.1".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mltradeoff_lint.model.finding import Confidence, RuleInfo
from mltradeoff_lint.model.rule import Rule
from mltradeoff_lint.query.schema import RuleError, suggest

SECTIONS = (
    "What it flags",
    "Why it costs",
    "How to fix",
    "When it is silent",
    "Flagged",
    "Not flagged",
    "References",
)
"""The headings of a page, in the order they must have."""

CASE_SETTINGS: dict[str, str] = {
    "as-of": "the date of the run, as 2026-11-21",
    "untracked": "files that git does not track, separated by commas",
    "include-examples": "`true` to show findings in tests and tutorials",
    "min-confidence": "`low`, `medium` or `high`",
    "pedantic": "`true` to run rules of the pedantic persona",
    "role": "the role that the code of the case has",
    "freshness": "how old the inputs of a route or model may be, as `/price=60`",
}
"""What a list in a case may set: `- as-of: 2026-11-21`."""

_COMMENT = r"(?:#|//|--|;|%|<!--|/\*)"
_MARK = re.compile(
    rf"\s*{_COMMENT}\s*(?P<kind>todo-finding|todo-silent|finding|silent):\s+(?P<rule>[a-z0-9-]+)"
    r"(?:\s+(?P<severity>high|medium|low|note))?(?:\s+because\s+(?P<clauses>[a-zA-Z0-9_., -]+?))?\s*(?:-->|\*/)?\s*$"
)
_ALMOST = re.compile(rf"{_COMMENT}\s*(?:todo-finding|todo-silent|finding|silent)\s*:")
_SPOKEN = re.compile(
    r"(?P<kind>Todo-finding|Todo-silent|Finding|Silent):\s+`?(?P<rule>[a-z0-9-]+)`?(?:\s+(?P<severity>high|medium|low|note))?"
    r"(?:\s+at\s+`(?P<path>[^`]+):(?P<line>\d+)`)?(?:\s+because\s+(?P<clauses>[a-zA-Z0-9_., `-]+?))?\.?\s*$"
)
_SETTING = re.compile(r"[-*]\s+`?(?P<name>[a-z][a-z-]*):\s+(?P<value>[^`]+?)`?\s*$")
_FILE = re.compile(r"`(?P<path>[^`]+)`:\s*$")
_FENCE = re.compile(r"(?P<fence>`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a case expects; `line` is 0 when it is expected anywhere."""

    kind: str
    rule: str
    path: str = ""
    line: int = 0
    severity: str = ""
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageCase:
    """One example: the files of a small repository, without marks, and what must be found in it."""

    title: str
    is_flagged: bool
    line: int
    files: Mapping[str, str]
    marks: tuple[Mark, ...]
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A rule page: its sections by heading, and its cases."""

    path: str
    sections: Mapping[str, str]
    cases: tuple[PageCase, ...]


def parse_page(path: str, text: str, name: str) -> Page:
    """The page of the rule `name`; RuleError with file and line when its form is wrong."""
    lines = text.split("\n")
    headings = list(_headings(lines))
    _check_headings(path, headings, name)
    sections: dict[str, str] = {}
    cases: list[PageCase] = []
    tops = [heading for heading in headings if heading.level == 2]
    for heading, stop in zip(tops, [*(each.at for each in tops[1:]), len(lines)], strict=True):
        sections[heading.text] = "\n".join(lines[heading.at + 1 : stop]).strip()
        if heading.text in ("Flagged", "Not flagged"):
            starts = [each for each in headings if each.level == 3 and heading.at < each.at < stop]
            for case, end in zip(starts, [*(each.at for each in starts[1:]), stop], strict=True):
                reader = _CaseReader(path, case, heading.text == "Flagged")
                cases.append(reader.read(lines[case.at + 1 : end]))
    for section in SECTIONS[:4]:
        if not sections[section]:
            line = next(each.at for each in tops if each.text == section) + 1
            raise RuleError(path, line, 1, f"section `{section}` is empty")
    return Page(path, sections, tuple(cases))


def shortcomings(page: Page) -> tuple[str, ...]:
    """What a bundled page lacks: three flagged cases, three silent ones, and one of several files."""
    flagged = sum(case.is_flagged for case in page.cases)
    silent = len(page.cases) - flagged
    found = [f"{page.path}: {flagged} flagged cases, at least 3 are needed"] if flagged < 3 else []
    found += [f"{page.path}: {silent} cases not flagged, at least 3 are needed"] if silent < 3 else []
    if not any(len(case.files) > 1 for case in page.cases):
        found.append(f"{page.path}: no case spans several files")
    return tuple(found)


def rule_info(rule: Rule) -> RuleInfo:
    """What reports say of a rule: its summary, the first paragraph of why it costs, and its whole page.

    Never fails: a user's rule may have no page, or one of another form.
    """
    lines = rule.page.split("\n")
    reasons = [heading.at for heading in _headings(lines) if heading.text == "Why it costs"]
    paragraphs = "\n".join(lines[reasons[0] + 1 :]).strip().split("\n\n") if reasons else [""]
    description = "" if paragraphs[0].startswith("#") else " ".join(paragraphs[0].split())
    return RuleInfo(
        name=rule.name,
        group=rule.group,
        severity=rule.severity,
        persona=rule.persona,
        summary=rule.summary,
        description=description or rule.summary,
        help_markdown=rule.page or rule.summary,
        precision=Confidence(rule.confidence).word,
        since=rule.since,
    )


def first_sentence(text: str) -> str:
    """The first sentence of a paragraph; a full stop inside backticks or before a small letter ends none."""
    flat = " ".join(text.split())
    in_code = False
    for at, letter in enumerate(flat):
        if letter == "`":
            in_code = not in_code
        if letter in ".!?" and not in_code:
            following = flat[at + 1 : at + 3]
            if not following or (following[0] == " " and not following[1:].islower()):
                return flat[: at + 1]
    return flat


@dataclass(frozen=True, slots=True)
class _Heading:
    at: int
    level: int
    text: str


def _headings(lines: list[str]) -> Iterator[_Heading]:
    """The headings outside fenced blocks; `at` is the index of the line."""
    fence = ""
    for at, line in enumerate(lines):
        found = _FENCE.match(line)
        if fence:
            fence = "" if found and _closes(line, fence) else fence
        elif found:
            fence = found["fence"]
        elif line.startswith("#"):
            marks, _, text = line.partition(" ")
            if set(marks) == {"#"}:
                yield _Heading(at, len(marks), text.strip())


def _closes(line: str, fence: str) -> bool:
    """A closing fence: the same character, at least as often, and nothing else."""
    text = line.strip()
    return len(text) >= len(fence) and set(text) == {fence[0]}


def _check_headings(path: str, headings: list[_Heading], name: str) -> None:
    if not headings or headings[0].level != 1 or headings[0].text != name:
        raise RuleError(path, headings[0].at + 1 if headings else 1, 1, f"the page must start with `# {name}`")
    found = [heading for heading in headings if heading.level == 2]
    for wanted, heading in zip(SECTIONS, found, strict=False):
        if heading.text != wanted:
            message = f"heading `{heading.text}` stands where `{wanted}` must"
            raise RuleError(path, heading.at + 1, 1, message)
    if len(found) != len(SECTIONS):
        missing = SECTIONS[len(found)] if len(found) < len(SECTIONS) else ""
        message = (
            f"heading `{missing}` is missing" if missing else f"heading `{found[len(SECTIONS)].text}` is one too many"
        )
        raise RuleError(path, found[-1].at + 1 if found else 1, 1, message)


@dataclass(slots=True)
class _CaseReader:
    """Reads the lines of one case."""

    path: str
    heading: _Heading
    is_flagged: bool
    files: dict[str, str] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    named: str = ""

    def read(self, lines: list[str]) -> PageCase:
        block: list[str] = []
        fence = ""
        opened = 0
        for line, text in enumerate(lines, self.heading.at + 2):
            if fence:
                if _closes(text, fence):
                    self._file(opened, block)
                    fence = ""
                else:
                    block.append(text)
            elif found := _FENCE.match(text):
                fence, block, opened = found["fence"], [], line
            elif text.strip():
                self._prose(line, text.strip())
        if fence:
            raise RuleError(self.path, opened, 1, "the block is never closed")
        self._check()
        return PageCase(
            self.heading.text,
            self.is_flagged,
            self.heading.at + 1,
            self.files,
            tuple(self.marks),
            self.settings,
        )

    def _prose(self, line: int, text: str) -> None:
        named = _FILE.search(text)
        self.named = named["path"] if named else ""
        spoken = _SPOKEN.match(text)
        setting = _SETTING.match(text)
        if spoken:
            self._mark(line, spoken, spoken["kind"].lower(), spoken["path"] or "", int(spoken["line"] or 0))
        elif setting:
            if setting["name"] not in CASE_SETTINGS:
                message = f"unknown setting `{setting['name']}`" + suggest(setting["name"], CASE_SETTINGS)
                raise RuleError(self.path, line, 1, message)
            self.settings[setting["name"]] = setting["value"]

    def _file(self, line: int, block: list[str]) -> None:
        name, self.named = self.named, ""
        if not name:
            raise RuleError(self.path, line, 1, "a block must follow a line that names its file: `train.py`:")
        if name.startswith("/") or ".." in name.split("/") or "\\" in name:
            raise RuleError(self.path, line, 1, f"`{name}` is no path inside a repository")
        if name in self.files:
            raise RuleError(self.path, line, 1, f"file `{name}` is given twice in one case")
        clean = [self._unmarked(name, line + at, at, text) for at, text in enumerate(block, 1)]
        self.files[name] = "".join(text + "\n" for text in clean)

    def _unmarked(self, name: str, page_line: int, line: int, text: str) -> str:
        """A line of a file without its marks, which are kept."""
        while found := _MARK.search(text):
            self._mark(page_line, found, found["kind"], name, line)
            text = text[: found.start()]
        if _ALMOST.search(text):
            raise RuleError(self.path, page_line, 1, "a mark reads `# finding: rule-name` at the end of its line")
        return text

    def _mark(self, page_line: int, found: re.Match[str], kind: str, name: str, line: int) -> None:
        clauses = tuple(re.findall(r"[a-z]+(?:\.[A-Za-z0-9_-]+)+", found["clauses"] or ""))
        if kind == "silent" and not clauses:
            raise RuleError(self.path, page_line, 1, "`silent` must name the clause: `because unless.1`")
        if kind != "silent" and (clauses or not line):
            raise RuleError(self.path, page_line, 1, f"`{kind}` stands at a line and has no `because`")
        at = ("", 0) if kind == "silent" else (name, line)
        self.marks.append(Mark(kind, found["rule"], *at, found["severity"] or "", clauses))

    def _check(self) -> None:
        line = self.heading.at + 1
        kinds = {mark.kind for mark in self.marks}
        if not self.files:
            raise RuleError(self.path, line, 1, "the case has no file")
        if self.is_flagged and not kinds & {"finding", "todo-finding"}:
            raise RuleError(self.path, line, 1, "a flagged case needs a `finding` mark")
        if not self.is_flagged and not kinds & {"silent", "todo-silent"}:
            raise RuleError(self.path, line, 1, "a case that is not flagged needs `silent: rule-name because clause`")
