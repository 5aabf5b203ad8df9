"""How firmly the content behind a location is fixed: the pin state, with the words that prove it."""

from __future__ import annotations

import re
from typing import NamedTuple

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT_SHA = re.compile(r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}")
_DIGEST = re.compile(r"(?:sha256|sha512|sha1|md5):[0-9a-f]{8,128}|[0-9a-f]{32}|[0-9a-f]{128}", re.IGNORECASE)
_HASH_IN_NAME = re.compile(r"(?:^|[-_.@])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}(?=[-_.]|$)")
_TAG = re.compile(r"v?\d+(?:\.\d+)+(?:[-.+]?\w+)*|v\d+|release[-/].+|[\w.-]+-v?\d+(?:\.\d+)+")
_SEMVER = re.compile(r"(?:^|[/_\-v])v?\d+\.\d+(?:\.\d+)?(?=[/_\-.]|$)")
_NUMBERED = re.compile(r"(?:^|[/_\-.])(?:v|version[-_=]?)\d+(?=[/_\-.]|$)", re.IGNORECASE)
_VERSION_OF_FILE = re.compile(r"(?:^|[/_\-])(?:v\d+\.\d+(?:\.\d+)?|\d+\.\d+\.\d+)(?=[/_\-.]|$)")
"""A version in the name of a file, where two numbers alone may be a share or a size."""
_VERSION_FOLDER = re.compile(r"(?:v|version[-_=]?)\d+(?:\.\d+)*|\d+\.\d+\.\d+", re.IGNORECASE)
"""A folder that is a version: one that has it in its name, as `v1-scratch`, may be that of a thing that moves."""
_PARTITION = re.compile(
    r"(?:dt|date|ds|day|month|year|partition|snapshot)=\d"
    r"|(?:^|[/_\-.\s'\"=(])(?:19|20)\d\d(?:[-_/.]?(?:0[1-9]|1[0-2])(?:[-_/.]?[0-3]\d)?)?(?=[/_\-.\s'\"),;TZ]|$)",
)
_DATE_HOLE = re.compile(
    r"\{(?:[^{}]*(?:year|month|date|\bds\b|(?<![a-z])day|execution|timestamp|partition|snapshot)[^{}]*|ds|dt)\}",
    re.IGNORECASE,
)
_VERSION_HOLE = re.compile(
    r"\{[^{}]*(?:version|revision|commit|sha\b|hash|run_id|(?<![a-z])tag(?![a-z]))[^{}]*\}", re.IGNORECASE
)
_LATEST = re.compile(r"(?:^|[/_.\-:@=])latest(?:[/_.\-]|$)", re.IGNORECASE)

_HOSTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"raw\.githubusercontent\.com/[^/]+/[^/]+/(?:refs/(?:heads|tags)/)?(?P<ref>[^/]+)/",
        r"github\.com/[^/]+/[^/]+/(?:raw|blob)/(?:refs/(?:heads|tags)/)?(?P<ref>[^/]+)/",
        r"github\.com/[^/]+/[^/]+/archive/(?:refs/(?:heads|tags)/)?(?P<ref>.+?)\.(?:zip|tar\.gz)",
        r"media\.githubusercontent\.com/media/[^/]+/[^/]+/(?P<ref>[^/]+)/",
        r"gist\.githubusercontent\.com/[^/]+/[^/]+/raw/(?P<ref>[0-9a-f]{40})/",
        r"cdn\.jsdelivr\.net/gh/[^/]+/[^/@]+@(?P<ref>[^/]+)/",
        r"raw\.githack\.com/[^/]+/[^/]+/(?P<ref>[^/]+)/",
        r"gitlab[^/]*/.+?/-/raw/(?P<ref>[^/?]+)/",
        r"bitbucket\.org/[^/]+/[^/]+/raw/(?P<ref>[^/]+)/",
        r"dagshub\.com/[^/]+/[^/]+/raw/(?P<ref>[^/]+)/",
        r"huggingface\.co/(?:datasets/|spaces/)?[^/]+/[^/]+/(?:resolve|raw|blob)/(?P<ref>[^/]+(?:%2F[^/]+)*)/",
    )
)
"""Addresses of raw files on hosts of repositories, with the part that names a revision."""

_RECORDS = re.compile(
    r"zenodo\.org/(?:api/)?records?/\d+|figshare\.com/(?:ndownloader/)?files/\d+|ndownloader\.figshare\.com/files/\d+|persistentId=|"
    r"openml\.org/data/|doi\.org/10\.|osf\.io/(?:\w+/)?download\S*[?&]version=\d|"
    r"data\.mendeley\.com/\S+/files/|physionet\.org/files/[^/]+/\d",
)
"""Archives that publish numbered, closed records."""

_KEPT = re.compile(
    r"archive\.ics\.uci\.edu/(?:ml/|static/|dataset/)|osf\.io/(?:\w+/)?download|ftp\.ncbi\.nlm\.nih\.gov/geo/"
)
"""Archives that seldom change a file, and mend it under the same address when they do."""

_REMOTE = re.compile(
    r"^(?P<scheme>https?|ftp|s3a?|s3n|gs|gcs|abfss?|wasbs?|adl|hdfs|dbfs|oss|cos|r2|az|hf|azureml|lakefs|runs|models|mlflow-artifacts|"
    r"wandb-artifact)(?:://?|(?<=azureml):)",
    re.IGNORECASE,
)
_SCHEMES = {
    "https": "http", "ftp": "http", "s3a": "s3", "s3n": "s3", "r2": "s3", "gcs": "gs", "hf": "hub",
    "abfs": "azure", "abfss": "azure", "wasb": "azure", "wasbs": "azure", "az": "azure", "adl": "azure",
    "azureml": "registry", "runs": "registry", "models": "registry", "mlflow-artifacts": "registry",
    "wandb-artifact": "registry",
}  # fmt: skip


class Pin(NamedTuple):
    """A pin state of the vocabulary, the words that prove it or say how it moves, and one line that would pin it."""

    state: str
    how: str
    fix: str = ""


KEPT = Pin(
    "mutable-implicit",
    "an archive keeps it by custom, and mends it under the same address",
    "keep a copy under DVC, or check its digest after the download",
)
"""The pin of a file of an archive that numbers no versions."""

NO_TRACKING = Pin("unknown", "no repository tells which files are tracked")
"""The pin of a local file outside of a git repository."""

VERSIONED_FILE = Pin("version-pinned", "the path names a version")
"""The pin of a local file that git does not track, whose path names a version."""

_FIXES = {
    "hub": "pass the commit hash as revision",
    "kagglehub": "write its version into the name: owner/name/versions/3",
    "kaggle": "write its version into the name: owner/name/3",
    "market": "store the download under a name with its date and read that",
}
_KAGGLE_VERSION = re.compile(r"[^/]+/[^/]+/\d+")
"""`owner/name/3`, as the client of Kaggle's API takes it (`kaggle.api.dataset_download_files`)."""


def scheme_of(text: str) -> str:
    """The scheme of a location: http, s3, gs, azure, hdfs, hub, registry, lakefs, or `file`."""
    found = _REMOTE.match(text)
    if not found:
        return "file"
    word = found["scheme"].lower()
    return _SCHEMES.get(word, word)


def remote_pin(text: str) -> Pin:
    """The pin state of a URI, read from the URI itself."""
    scheme = scheme_of(text)
    if scheme == "registry":
        return registry_pin(text)
    if scheme in ("hub", "lakefs"):
        return _lake_pin(text)
    for pattern in _HOSTS:
        found = pattern.search(text)
        if found:
            return _ref_pin(found["ref"])
    pin = _release_pin(text) or _path_pin(text, scheme)
    return KEPT if pin.state == "mutable-implicit" and _KEPT.search(text) else pin


def _release_pin(text: str) -> Pin | None:
    """What an address says of releases, archived records and object versions."""
    if "/releases/latest/" in text:
        return Pin(
            "mutable-explicit", "the URL names the latest release", "name the release: /releases/download/<tag>/"
        )
    if "/releases/download/" in text:
        tag = text.partition("/releases/download/")[2].partition("/")[0]
        if "latest" in tag or "nightly" in tag:
            return Pin(
                "mutable-explicit", f"the URL names the moving release {tag}", "name a release that does not move"
            )
        return Pin("version-pinned", "the URL names a release")
    if _RECORDS.search(text):
        return Pin("version-pinned", "the URL names a numbered record of an archive")
    if re.search(r"[?&#](?:versionId|generation|version_id)=\w|#\d{10,}$", text):
        return Pin("content-pinned", "the URL names an object version")
    return None


def _path_pin(text: str, scheme: str) -> Pin:
    """What the names in the path of an address say."""
    path = text.partition("?")[0].partition("://")[2].partition("/")[2]
    name = path.rstrip("/").rpartition("/")[2]
    if _HASH_IN_NAME.search(name) or "@sha256:" in text:
        return Pin("content-pinned", "the name holds a content hash")
    if _LATEST.search(path):
        return Pin("mutable-explicit", "the location names the latest copy", "name a dated or versioned copy")
    if _PARTITION.search(path) or _DATE_HOLE.search(text):
        return Pin("partition-pinned", "the location names a dated partition")
    if _VERSION_HOLE.search(text):
        return Pin("run-bound", "the version in the location comes from the run")
    if _SEMVER.search(path) or _NUMBERED.search(path if scheme != "http" else name):
        return Pin("version-pinned", "the location names a version")
    return Pin("mutable-implicit", "nothing in the location names a version", _fix(scheme))


def _ref_pin(ref: str) -> Pin:
    if "{" in ref:
        return Pin("unknown", "the revision in the URL did not resolve")
    if _SHA.fullmatch(ref) or _SHORT_SHA.fullmatch(ref):
        return Pin("content-pinned", "the URL names a commit")
    if _TAG.fullmatch(ref):
        return Pin("version-pinned", f"the URL names the tag {ref}")
    return Pin("mutable-explicit", f"the URL follows the branch {ref}", f"replace /{ref}/ in the URL by a commit hash")


def _lake_pin(text: str) -> Pin:
    """`hf://datasets/owner/name@revision/file` and `lakefs://repository/ref/file`."""
    if text.startswith("lakefs"):
        return _ref_pin(text.partition("://")[2].partition("/")[2].partition("/")[0])
    revision = text.partition("@")[2].partition("/")[0]
    if revision:
        return revision_pin(revision)
    return Pin("mutable-implicit", "no revision is named", "write the commit behind the name: owner/name@<commit>")


def registry_pin(text: str) -> Pin:
    """The pin state of a registry address: `runs:/`, `models:/name/3`, `azureml:name:4`, `project/name:v3`."""
    body = re.sub(r"^[a-z-]+:/*", "", text) if _REMOTE.match(text) else text
    if text.startswith(("runs:", "mlflow-artifacts:")):
        return Pin("content-pinned", "the address names a run")
    if text.startswith("models:"):
        version = body.partition("/")[2].strip("/")
        if "@" in body or version.lower() in ("production", "staging", "archived"):
            return Pin("mutable-by-design", "the address names a stage or alias")
        return _alias_pin(version)
    if text.startswith("azureml:") and "@" in body:
        return _alias_pin(body.partition("@")[2])
    return _alias_pin(body.rpartition(":")[2] if ":" in body else "")


def _alias_pin(version: str) -> Pin:
    if not version:
        return Pin("mutable-implicit", "no version is named", "name the version behind the colon")
    if "{" in version:
        return Pin("run-bound", "the version comes from the run")
    if (
        re.fullmatch(r"v?\d+", version)
        or _SHA.fullmatch(version)
        or _SHORT_SHA.fullmatch(version)
        or _TAG.fullmatch(version)
    ):
        return Pin("version-pinned", f"version {version} is named")
    return Pin("mutable-explicit", f"the alias {version} moves", "name the version instead of the alias")


def _fix(scheme: str) -> str:
    if scheme == "http":
        return "keep a copy under DVC, or check its digest after the download"
    if scheme in ("s3", "gs", "azure"):
        return "read a key with a date or hash, or pass the object version"
    return "track it with DVC, or name a dated copy"


def revision_pin(revision: str) -> Pin:
    """The pin state of a revision, version or digest that is handed to a hub, a registry or a download."""
    if _SHA.fullmatch(revision) or _SHORT_SHA.fullmatch(revision) or _DIGEST.fullmatch(revision):
        return Pin("content-pinned", f"revision {revision[:12]} is fixed by its content")
    if _TAG.fullmatch(revision) or revision.isdigit():
        return Pin("version-pinned", f"version {revision} is named")
    if _PARTITION.fullmatch(revision):
        return Pin("pinned-expiring", f"the state of {revision} is named")
    if revision.lower() in ("latest", "newest", "head", "@latest"):
        return Pin("mutable-explicit", "the newest version is asked for", "name the version instead")
    return Pin("mutable-explicit", f"the revision {revision} is a branch", "pass a commit hash instead")


def is_dated(text: str) -> bool:
    """Whether a path or query names a dated partition, written out or filled in by a run."""
    return bool(_PARTITION.search(text) or _DATE_HOLE.search(text))


def names_version(text: str) -> bool:
    """Whether the path of a file names a version: `v5.3/train.parquet`, `rows_v2.csv`; a folder as a whole only."""
    *folders, name = text.replace("\\", "/").split("/")
    is_named = bool(_VERSION_OF_FILE.search(name) or _NUMBERED.search(name))
    return is_named or any(_VERSION_FOLDER.fullmatch(one) for one in folders)


def has_version_hole(text: str) -> bool:
    """Whether a part that a run fills in is a version, by its name."""
    return bool(_VERSION_HOLE.search(text))


def has_hash(text: str) -> bool:
    """Whether the file name of a path holds a content hash."""
    return bool(_HASH_IN_NAME.search(text.rpartition("/")[2]))


def is_versioned_name(text: str, path: str) -> bool:
    """Whether the name of a data set in a hub holds its version, as the library at an access path reads it."""
    return "/versions/" in text or (path.startswith("kaggle.") and bool(_KAGGLE_VERSION.fullmatch(text)))


def fix_of_name(path: str, scheme: str) -> str:
    """How a name in a hub takes a version, as the library at an access path reads it."""
    library = path.partition(".")[0]
    # the files of a competition have no versions, and another downloader takes none
    is_latest = "competition" in path or library == "opendatasets"
    kind = "market" if is_latest else library if library in _FIXES else scheme
    return _FIXES.get(kind, "name the version")
