"""Ray and Anyscale: the command a job file runs, the application a service file serves.

Sources: Anyscale `JobConfig` and `ServiceConfig`, Ray Serve config files.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.declarations import Command, Declaration, EnvBinding
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.environment import bindings
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import from_folder
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.readers import command_line

PLATFORM = "ray"
_JOB_KEYS = (
    "runtime_env", "working_dir", "cluster_env", "compute_config", "cluster_compute", "image_uri", "containerfile",
    "project_id", "build_id", "max_retries",
)  # fmt: skip
"""Keys that stand beside the `entrypoint` of a job file."""


def applies(path: str, facts: FileFacts) -> bool:
    """Whether a document is a job with an entry point, or serves an application."""
    if not isinstance(facts.content, Documents) or not path.endswith((".yaml", ".yml")):
        return False
    return any(_is_job(root) or _applications(root) for root in facts.content.roots)


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """The command of a job, the applications of a service, and the variables they run with.

    The working directory is the root: a job is submitted from there, and `working_dir` is relative to it.
    """
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        if _is_job(root) or _applications(root):
            found += _declared(facts.path, root)
    return tuple(found)


def _is_job(root: Entry) -> bool:
    entry = root.get("entrypoint")
    return entry is not None and entry.kind == "str" and any(root.get(key) is not None for key in _JOB_KEYS)


def _applications(root: Entry) -> tuple[Entry, ...]:
    """The import paths of applications: in `applications`, or inside `ray_serve_config`."""
    config = root.get("ray_serve_config") or root
    listed = config.get("applications")
    items = listed.items if listed is not None else ()
    candidates = [item.get("import_path") for item in (config, *items)]
    return tuple(one for one in candidates if one is not None and one.kind == "str" and ":" in one.value)


def _declared(path: str, root: Entry) -> Iterator[Declaration]:
    environment: tuple[EnvBinding, ...] = ()
    for keys in (("runtime_env", "env_vars"), ("env_vars",), ("ray_serve_config", "runtime_env", "env_vars")):
        environment += bindings(root.get(*keys), path, PLATFORM)
    yield from environment
    name = root.text("name") or path.rsplit("/", 1)[-1]
    folder = root.text("runtime_env", "working_dir") or root.text("working_dir") or "."
    folder = "." if "://" in folder else folder
    entry = root.get("entrypoint")
    for part in command_line.split(entry.value) if entry is not None and _is_job(root) else ():
        cwd = from_folder(from_folder("", folder) or "", part.folder or ".") or ""
        site = Site(path, entry.span if entry is not None else root.span)
        yield Command(part.words, site, PLATFORM, name, "script", cwd, environment)
    for one in _applications(root):
        yield Command(("serve", "run", one.value), Site(path, one.span), PLATFORM, name, "service", "", environment)
