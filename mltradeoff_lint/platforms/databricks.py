"""Databricks bundles and jobs: the notebooks and programs of wheels that tasks run, and what they are given.

Source: https://docs.databricks.com/dev-tools/bundles/job-task-types.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltradeoff_lint.model.declarations import Command, Declaration, Schedule
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import folder_of
from mltradeoff_lint.model.schedule import longest_gap_seconds
from mltradeoff_lint.model.source import Site

PLATFORM = "databricks"
PROGRAM = "databricks-notebook"
_DAY = re.compile(r"(?<![/#\d])[1-7](?![\d])")


def applies(path: str, facts: FileFacts) -> bool:
    """Whether a document holds a task that runs a notebook or a program of a wheel."""
    return isinstance(facts.content, Documents) and any(
        True for root in facts.content.roots for _, job in _jobs(root) for _ in (*_notebooks(job), *_wheels(job))
    )


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """A command for each task of these kinds, and the schedule of each job that is not paused."""
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        for job_name, job in _jobs(root):
            commands = [_command(facts.path, name, task, job.get("parameters")) for name, task in _notebooks(job)]
            commands += [_program(facts.path, name, task) for name, task in _wheels(job)]
            found += commands
            cron = job.get("schedule", "quartz_cron_expression")
            if commands and cron is not None and (job.text("schedule", "pause_status") or "").upper() != "PAUSED":
                seconds = longest_gap_seconds(_plain_cron(cron.value))
                site = Site(facts.path, cron.span)
                found.append(Schedule(job_name, cron.value, seconds, site, PLATFORM, tuple(commands)))
    return tuple(found)


def _jobs(root: Entry) -> Iterator[tuple[str, Entry]]:
    """(name, job) of a bundle's jobs under `resources`, or of a plain job file."""
    jobs = root.get("resources", "jobs")
    if jobs is None:
        yield root.text("name") or "", root
        return
    for name, _, job in jobs.entries:
        yield name, job


def _notebooks(job: Entry) -> Iterator[tuple[str, Entry]]:
    """(name, notebook task) of the tasks of a job."""
    return _tasks(job, "notebook_task", "notebook_path")


def _wheels(job: Entry) -> Iterator[tuple[str, Entry]]:
    """(name, wheel task) of the tasks of a job."""
    return _tasks(job, "python_wheel_task", "entry_point")


def _tasks(job: Entry, kind: str, needed: str) -> Iterator[tuple[str, Entry]]:
    tasks = job.get("tasks")
    for item in tasks.items if tasks is not None else ():
        task = item.get(kind)
        if task is not None and task.text(needed):
            yield item.text("task_key") or "", task


def _plain_cron(quartz: str) -> str:
    """A Quartz expression without its seconds and year; it counts the days of the week from 1, cron from 0."""
    fields = quartz.replace("?", "*").split()
    if len(fields) not in (6, 7):
        return ""
    fields[5] = _DAY.sub(lambda found: str(int(found[0]) - 1), fields[5])
    return " ".join(fields[1:6])


def _command(path: str, name: str, task: Entry, parameters: Entry | None) -> Command:
    """The run of a notebook; what the job is given goes over what the task has."""
    own = task.get("base_parameters")
    given = [(key, value) for key, _, value in own.entries] if own is not None else []
    for item in parameters.items if parameters is not None else ():
        key, default = item.text("name"), item.get("default")
        given += [(key, default)] if key and default is not None else []
    known = [(key, value.value) for key, value in given if value.kind not in ("map", "seq", "null")]
    words = [word for key, text in known for word in ("-r", key, text)]
    notebook = task.text("notebook_path") or ""
    return Command((PROGRAM, notebook, *words), Site(path, task.span), PLATFORM, name, "stage", folder_of(path))


def _program(path: str, name: str, task: Entry) -> Command:
    """The run of a program that a wheel installs under the name of its entry point."""
    given = task.get("parameters")
    words = [one.value for one in given.items if one.kind not in ("map", "seq")] if given is not None else []
    words = [task.text("entry_point") or "", *words]
    return Command(tuple(words), Site(path, task.span), PLATFORM, name, "stage", folder_of(path))
