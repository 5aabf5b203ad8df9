"""GitHub Actions workflows: what CI runs, when it runs by itself, and the order of its jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltradeoff_lint.model.declarations import Command, Declaration, EnvBinding, Image, Schedule, Step
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.environment import bindings
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import from_folder
from mltradeoff_lint.model.schedule import longest_gap_seconds
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.readers import command_line

PLATFORM = "github-actions"
_PATH = re.compile(r"(?:.*/)?\.github/workflows/[^/]+\.ya?ml")


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file stands where GitHub looks for workflows."""
    return isinstance(facts.content, Documents) and _PATH.fullmatch(path) is not None


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """Commands of the `run` steps (kind `scheduled` when the workflow has a schedule, else `ci`), variables, jobs."""
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        found += _workflow(facts.path, root)
    return tuple(found)


def _workflow(path: str, root: Entry) -> list[Declaration]:
    pipeline = root.text("name") or path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    crons = list(_crons(root))
    shared = bindings(root.get("env"), path, PLATFORM)
    found: list[Declaration] = [*shared]
    commands: list[Command] = []
    jobs = root.get("jobs")
    for name, key, job in jobs.entries if jobs is not None else ():
        found.append(Step(pipeline, name, _needs(job), Site(path, key), PLATFORM))
        image = job.text("container") or job.text("container", "image")
        if image:
            found.append(Image(image, name, Site(path, key), PLATFORM))
        own = bindings(job.get("env"), path, PLATFORM)
        found += own
        for declaration in _steps(path, root, name, job, "scheduled" if crons else "ci", shared + own):
            found.append(declaration)
            if isinstance(declaration, Command):
                commands.append(declaration)
    for cron in crons:
        seconds = longest_gap_seconds(cron.value)
        found.append(Schedule(pipeline, cron.value, seconds, Site(path, cron.span), PLATFORM, tuple(commands)))
    return found


def _crons(root: Entry) -> Iterator[Entry]:
    """The cron texts of `on.schedule`; a YAML 1.1 reader may have turned the key `on` into true."""
    events = root.get("on") or root.get("true") or root.get("True")
    schedule = events.get("schedule") if events is not None else None
    for item in schedule.items if schedule is not None else ():
        cron = item.get("cron")
        if cron is not None and cron.kind == "str":
            yield cron


def _needs(job: Entry) -> tuple[str, ...]:
    needs = job.get("needs")
    if needs is None or needs.kind in ("map", "null"):
        return ()
    return tuple(item.value for item in needs.items) if needs.kind == "seq" else (needs.value,)


def _steps(
    path: str, root: Entry, name: str, job: Entry, kind: str, inherited: tuple[EnvBinding, ...]
) -> Iterator[EnvBinding | Command]:
    steps = job.get("steps")
    base = job.text("defaults", "run", "working-directory") or root.text("defaults", "run", "working-directory") or "."
    for step in steps.items if steps is not None else ():
        own = bindings(step.get("env"), path, PLATFORM)
        yield from own
        run = step.get("run")
        if run is None or run.kind in ("map", "seq") or not _is_shell(step.text("shell")):
            continue
        folder = step.text("working-directory") or base
        for part in command_line.split(run.value):
            local = tuple(EnvBinding(key, value, Site(path, run.span), PLATFORM) for key, value in part.environment)
            cwd = from_folder(folder, part.folder or ".") or ""
            site = Site(path, _line(run, part.line))
            yield Command(part.words, site, PLATFORM, name, kind, cwd, inherited + own + local)


def _is_shell(shell: str | None) -> bool:
    return shell is None or "sh" in shell.split(" ")[0]


def _line(run: Entry, offset: int) -> Span:
    """The line of a command in a block text, whose first line stands below the `|`; else the whole value."""
    span = run.span
    if "\n" not in run.value.rstrip("\n") or span.end_line <= span.line:
        return span
    line = min(span.line + 1 + offset, span.end_line)
    return Span(line, 0, line, 0)
