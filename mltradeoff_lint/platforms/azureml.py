"""Azure Machine Learning: the commands of job, component and pipeline files, and what their inputs are given.

Source: https://learn.microsoft.com/azure/machine-learning/reference-yaml-job-command and the pages beside it. An input
is a variable `inputs.NAME` of its command: the path of its data, its value, or its default.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.declarations import Command, Declaration, EnvBinding
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import folder_of, from_folder
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.readers import command_line

PLATFORM = "azureml"
_SCHEMA = "azuremlschemas"


def applies(path: str, facts: FileFacts) -> bool:
    """Whether a document names a schema of Azure Machine Learning and holds a command or jobs."""
    return isinstance(facts.content, Documents) and any(_is_job(root) for root in facts.content.roots)


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """The command of a job or component, and those of the jobs of a pipeline."""
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        if not _is_job(root):
            continue
        name = root.text("name") or root.text("display_name") or facts.path.rsplit("/", 1)[-1]
        found += _commands(facts.path, name, root, ())
        given = tuple(_inputs(facts.path, root, "parent.inputs"))
        jobs = root.get("jobs")
        for key, _, job in jobs.entries if jobs is not None else ():
            found += _commands(facts.path, key, job, given)
    return tuple(found)


def _is_job(root: Entry) -> bool:
    schema = root.text("$schema") or ""
    return _SCHEMA in schema and any(root.get(key) is not None for key in ("command", "jobs", "trial"))


def _commands(path: str, name: str, job: Entry, given: tuple[EnvBinding, ...]) -> Iterator[Command]:
    """The command of a job; a sweep and a component written in place hold theirs one level deeper."""
    holder = next((one for one in (job, job.get("trial"), job.get("component")) if one and one.text("command")), None)
    written = holder.get("command") if holder is not None else None
    if holder is None or written is None or written.kind != "str":
        return
    own = () if holder is job else tuple(_inputs(path, holder, "inputs"))
    inputs = (*own, *_inputs(path, job, "inputs"), *given)
    folder = holder.text("code") or job.text("code") or "."
    base = from_folder(folder_of(path), folder) if "://" not in folder and ":" not in folder else folder_of(path)
    # `$[[--flag ${{inputs.x}}]]` is left out where the input is not given
    for part in command_line.split(written.value.replace("$[[", "").replace("]]", "")):
        cwd = from_folder(base or "", part.folder or ".") or ""
        yield Command(part.words, Site(path, written.span), PLATFORM, name, "script", cwd, inputs)


def _inputs(path: str, job: Entry, prefix: str) -> Iterator[EnvBinding]:
    listed = job.get("inputs")
    for name, _, entry in listed.entries if listed is not None else ():
        value = entry if entry.kind != "map" else entry.get("path") or entry.get("value") or entry.get("default")
        known = value is not None and value.kind not in ("map", "seq", "null")
        is_default = entry.kind == "map" and entry.get("path") is None and entry.get("value") is None
        site = Site(path, (value or entry).span)
        text = value.value if value is not None and known else None
        yield EnvBinding(f"{prefix}.{name}", text, site, PLATFORM, "default" if is_default else "configured")
