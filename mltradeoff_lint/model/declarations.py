"""What configuration files declare about running code: the output of the platforms, joined by `resolve`."""

from __future__ import annotations

from dataclasses import dataclass

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.source import Site


@dataclass(frozen=True, slots=True)
class Command:
    """A command line that something runs: a Dockerfile CMD, a workflow step, a cron job, a DVC stage."""

    words: tuple[str, ...]
    """The words of the command, `$VAR` as written."""
    site: Site
    platform: str
    """`dockerfile`, `compose`, `k8s`, `github-actions`, `dvc`, `procfile`, `make`, `shell`, `langgraph` ..."""
    job: str
    """Name of the service, job, stage or step."""
    kind: str = "script"
    """`service` (long running), `scheduled`, `stage`, `ci`, `script`."""
    cwd: str = ""
    environment: tuple[EnvBinding, ...] = ()


@dataclass(frozen=True, slots=True)
class EnvBinding:
    """An environment variable a configuration sets; `value` None when it is taken from outside the repository."""

    name: str
    value: str | None
    site: Site
    platform: str
    provenance: str = "configured"
    """`configured`, `default` (Dockerfile ENV) or `example` (an example file)."""
    text: str = ""
    """What is written where it is made of other variables, `$NAME` as written; empty where a part is none of these."""


@dataclass(frozen=True, slots=True)
class EnvSet:
    """Variables kept together under a name, such as a ConfigMap: in force where a unit takes them."""

    name: str
    environment: tuple[EnvBinding, ...]
    site: Site
    platform: str


@dataclass(frozen=True, slots=True)
class Unit:
    """What is deployed by itself, such as a service, a container or an image: whose code it runs, with which variables.

    Folders and files are as written, and relative to the folder of the declaring file.
    """

    name: str
    site: Site
    platform: str
    folders: tuple[str, ...] = ()
    """Where its code may come from, likeliest first; empty when the file does not say."""
    environment: tuple[EnvBinding, ...] = ()
    files: tuple[str, ...] = ()
    """Environment files it reads; a later one wins."""
    sets: tuple[str, ...] = ()
    """Names of the `EnvSet`s it takes whole."""
    keys: tuple[tuple[str, str, str], ...] = ()
    """(variable, name of an `EnvSet`, key in it) for variables it takes one by one."""
    image: str = ""
    dockerfile: str = ""
    """Path from the root of the Dockerfile its image is built by."""
    target: str = ""
    """The build stage that its image is; empty for the last one."""
    mounts: tuple[str, ...] = ()
    """What of its host is mounted into it; empty words where a variable says what."""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """How the image of a build stage of a Dockerfile starts: what stands in front of the words a container is given."""

    words: tuple[str, ...]
    """The exec form; empty when the stage sets none."""
    stage: str
    site: Site
    cwd: str
    environment: tuple[EnvBinding, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildStep:
    """A command that the build of an image runs, which leaves files behind in the image."""

    words: tuple[str, ...]
    site: Site
    folder: str
    """The folder of the image that it runs in, absolute."""
    workdir: str
    """The folder of the image that its code runs in, absolute."""
    cwd: str
    """The folder of the repository that stands there."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """Words that a unit gives to the entry point of its image, in place of the image's own."""

    words: tuple[str, ...]
    unit: Unit
    site: Site
    kind: str = "service"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a job runs by itself. `seconds` is the longest gap between two runs, None when it cannot be told."""

    job: str
    expression: str
    seconds: int | None
    site: Site
    platform: str
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Deployment:
    """A function that a platform runs by itself: where it stands, what it is given, and when it runs."""

    name: str
    path: str
    """The file of the function, from the root."""
    function: str
    """Its qualified name there."""
    parameters: tuple[tuple[str, Entry], ...]
    schedules: tuple[Schedule, ...]
    site: Site
    platform: str


@dataclass(frozen=True, slots=True)
class CloudFunction:
    """A function that a cloud runs on a request, on a schedule or on an event, with no server of its own."""

    name: str
    folder: str
    """Where its code lies, from the root."""
    handler: str
    """The module and the function in it, `src/app.handler`."""
    routes: tuple[tuple[str, str], ...]
    """(method, path) of each request that runs it."""
    schedules: tuple[Schedule, ...]
    is_on_events: bool
    """Whether a queue, a file or another event runs it as well."""
    site: Site
    platform: str


@dataclass(frozen=True, slots=True)
class Image:
    """A container image that a configuration runs or builds on."""

    name: str
    job: str
    site: Site
    platform: str


@dataclass(frozen=True, slots=True)
class DatasetDeclaration:
    """A dataset named in a configuration: a DVC out, a dbt source, a kedro catalog entry.

    `path` is relative to the repository root when `is_path`, else a name in the platform's own space.
    `pin` is a pin state of `model.vocabulary` and `how` the words that prove it.
    """

    path: str
    is_path: bool
    pin: str
    how: str
    site: Site
    platform: str
    mode: str = "declares"
    """`reads`, `writes` or `declares`."""
    job: str = ""
    holds: str = ""
    """What `path` is when it is neither a path nor an address: `table`, `query` (a SQL text), `query-file` (a path of
    one), `memory` (nothing is stored), or `elsewhere` (the entry does not tell where it lies)."""
    loads: str = ""
    """The class that makes what an entry without a place stands for, such as a client, by its dotted name."""


@dataclass(frozen=True, slots=True)
class OwnerDeclaration:
    """An owner given by a key on a node: Backstage `spec.owner`, a dbt exposure, a Kubernetes label."""

    owner: str
    subject: str
    site: Site
    platform: str
    strength: str = "node"


@dataclass(frozen=True, slots=True)
class Instrumentation:
    """A configuration that switches on, or fails to switch on, the metering of model calls."""

    product: str
    state: str
    """`on`, `off`, or `unknown` (a key is there and the flag is not)."""
    facets: tuple[str, ...]
    reach: str
    """What it covers: `langchain`, `litellm`, `process`, `gateway`, ..."""
    how: str
    site: Site


@dataclass(frozen=True, slots=True)
class Step:
    """A named step of a workflow and the steps that must run before it."""

    pipeline: str
    name: str
    after: tuple[str, ...]
    site: Site
    platform: str


@dataclass(frozen=True, slots=True)
class GivenNames:
    """Names that a runner sets in a notebook or script, whatever the code there says.

    The texts of `paths` are seen from `folder`, at any depth; those of `values` are what they are. An entry of kind
    `null` says only that something is set: what it is shows at run time.
    """

    script: str
    folder: str
    paths: tuple[tuple[str, Entry], ...]
    values: tuple[tuple[str, Entry], ...]
    site: Site
    platform: str


Declaration = (
    Command
    | EnvBinding
    | EnvSet
    | Unit
    | EntryPoint
    | BuildStep
    | Arguments
    | Schedule
    | Deployment
    | CloudFunction
    | Image
    | DatasetDeclaration
    | GivenNames
    | OwnerDeclaration
    | Instrumentation
    | Step
)
