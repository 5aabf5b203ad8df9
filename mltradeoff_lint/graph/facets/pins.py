"""How firmly the content behind a location is fixed: the pin state, with the words that prove it."""

from __future__ import annotations

import re
from typing import NamedTuple

from mltradeoff_lint.model.repository_path import from_folder

DEFAULT_BRANCHES = frozenset({"main", "master", "HEAD", "develop", "dev", "trunk", "latest", "gh-pages"})

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT_SHA = re.compile(r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}")
_HASH_IN_NAME = re.compile(r"(?:^|[-_.])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}(?=[-_.]|$)")
_SEMVER = re.compile(r"(?:^|[/_\-v])v?\d+\.\d+(?:\.\d+)?(?=[/_\-.]|$)")
_TAG = re.compile(r"v?\d+(?:\.\d+)+(?:[-.]?\w+)?|release[-/].+")
_PARTITION = re.compile(
    r"(?:dt|date|ds|day|month|year|partition)=\d|(?:^|[/_\-.])(?:19|20)\d\d(?:[-_/]?(?:0[1-9]|1[0-2]))(?:[-_/]?[0-3]\d)?(?=[/_\-.]|$)"
)
_DATE_HOLE = re.compile(r"\{(?:[^{}]*(?:year|month|date|\bds\b|day|execution|run_date)[^{}]*)\}", re.IGNORECASE)
_HOSTS = (
    # (host, path) patterns of raw files, with the part that names a revision
    re.compile(r"raw\.githubusercontent\.com/[^/]+/[^/]+/(?:refs/(?:heads|tags)/)?(?P<ref>[^/]+)/"),
    re.compile(r"github\.com/[^/]+/[^/]+/(?:raw|blob)/(?:refs/(?:heads|tags)/)?(?P<ref>[^/]+)/"),
    re.compile(r"cdn\.jsdelivr\.net/gh/[^/]+/[^/@]+@(?P<ref>[^/]+)/"),
    re.compile(r"gitlab[^/]*/.+?/-/raw/(?P<ref>[^/]+)/"),
    re.compile(r"bitbucket\.org/[^/]+/[^/]+/raw/(?P<ref>[^/]+)/"),
    re.compile(r"huggingface\.co/(?:datasets/|spaces/)?[^/]+/[^/]+/(?:resolve|raw|blob)/(?P<ref>[^/]+)/"),
)
_RECORDS = re.compile(
    r"zenodo\.org/records?/\d+|figshare\.com/(?:ndownloader/)?files/\d+|dataverse\S*persistentId=|openml\.org/data/|"
    r"doi\.org/10\.|archive\.ics\.uci\.edu/(?:ml/|static/)|osf\.io/download/",
)
_KAGGLE = re.compile(r"(?:^|/)(?:\.\./)?input/|^/kaggle/input/")
_HOME = re.compile(r"^(?:/home/[^/{]+/|/Users/[^/{]+/|[A-Za-z]:[\\/]Users[\\/]|~/|/root/|/content/(?:drive|gdrive)/)")
_REMOTE = re.compile(r"^(?P<scheme>https?|ftp|s3a?|s3n|gs|gcs|abfss?|wasbs?|adl|hdfs|dbfs|oss|cos|r2|az)://", re.IGNORECASE)


class Pin(NamedTuple):
    """A pin state of the vocabulary, the words that prove it or say how it moves, and one line that would pin it."""

    state: str
    how: str
    fix: str = ""


def scheme_of(text: str) -> str:
    """The scheme of a location: http, s3, gs, azure, hdfs, or `file`."""
    found = _REMOTE.match(text)
    if not found:
        return "file"
    word = found["scheme"].lower()
    if word.startswith("http") or word == "ftp":
        return "http"
    names = {"s3a": "s3", "s3n": "s3", "gcs": "gs", "abfs": "azure", "abfss": "azure", "wasb": "azure", "wasbs": "azure", "az": "azure", "adl": "azure"}
    return names.get(word, word)


def remote_pin(text: str) -> Pin:
    """The pin state of a URI, read from the URI itself."""
    path = text.partition("?")[0]
    for pattern in _HOSTS:
        found = pattern.search(text)
        if found:
            return _ref_pin(found["ref"])
    if "/releases/latest/" in text:
        return Pin("mutable-explicit", "the URL names the latest release", "name the release: /releases/download/<tag>/")
    if "/releases/download/" in text:
        return Pin("version-pinned", "the URL names a release")
    if _RECORDS.search(text):
        return Pin("version-pinned", "the URL names a numbered record of an archive")
    name = path.rpartition("/")[2]
    if _HASH_IN_NAME.search(name):
        return Pin("content-pinned", "the name holds a content hash")
    if re.search(r"[?&](?:versionId|generation)=\w", text):
        return Pin("version-pinned", "the URL names an object version")
    if re.search(r"(?:^|[/_.-])latest(?:[/_.-]|$)", path):
        return Pin("mutable-explicit", "the location names `latest`", "name a dated or versioned copy instead of `latest`")
    if _PARTITION.search(path) or _DATE_HOLE.search(path):
        return Pin("partition-pinned", "the location names a dated partition")
    if _SEMVER.search(path.partition("://")[2].partition("/")[2]):
        return Pin("version-pinned", "the location names a version")
    return Pin("mutable-implicit", "nothing in the location names a version", _fix(scheme_of(text)))


def _ref_pin(ref: str) -> Pin:
    if "{" in ref:
        return Pin("unknown", "the revision in the URL did not resolve")
    if _SHA.fullmatch(ref) or _SHORT_SHA.fullmatch(ref):
        return Pin("content-pinned", "the URL names a commit")
    if _TAG.fullmatch(ref):
        return Pin("version-pinned", f"the URL names the tag {ref}")
    return Pin("mutable-explicit", f"the URL follows the branch {ref}", f"replace /{ref}/ in the URL by a commit hash")


def _fix(scheme: str) -> str:
    if scheme == "http":
        return "keep a copy under DVC or in a versioned bucket and check its digest after the download"
    if scheme in ("s3", "gs", "azure"):
        return "read an immutable key (a date or hash in the path) or pass the object version"
    return "track it with DVC (`dvc add`) or name a dated copy"


def revision_pin(revision: str) -> Pin:
    """The pin state of a revision that is handed to a hub or registry."""
    if _SHA.fullmatch(revision) or _SHORT_SHA.fullmatch(revision):
        return Pin("content-pinned", f"revision {revision[:12]} is a commit")
    if _TAG.fullmatch(revision) or revision.isdigit():
        return Pin("version-pinned", f"version {revision} is named")
    return Pin("mutable-explicit", f"revision `{revision}` is a branch", "pass the commit hash as revision")


def is_home(text: str) -> bool:
    """Whether a path stands in somebody's home folder."""
    return bool(_HOME.match(text))


def is_competition_input(text: str) -> bool:
    """Whether a path is the input folder of a competition, which is frozen by convention."""
    return bool(_KAGGLE.search(text))


def is_dated(text: str) -> bool:
    """Whether a local path names a dated partition."""
    return bool(_PARTITION.search(text) or _DATE_HOLE.search(text))


def has_hash(text: str) -> bool:
    """Whether the file name of a path holds a content hash."""
    return bool(_HASH_IN_NAME.search(text.rpartition("/")[2]))


def local_candidates(text: str, folders: tuple[str, ...]) -> tuple[str, ...]:
    """The repository paths a local path may mean, seen from the folders it may be run in."""
    found = [from_folder(folder, text) for folder in folders]
    return tuple(dict.fromkeys(one for one in found if one))
