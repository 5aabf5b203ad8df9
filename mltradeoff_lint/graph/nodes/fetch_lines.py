"""What a command line fetches or unpacks, and the file or folder that it leaves behind.

Sources: GNU Wget and curl manuals, `man unzip`, the manuals of GNU tar and gzip, RAR and 7-Zip, the READMEs of patool,
gdown and Kaggle's API, the references of the AWS CLI (`s3 cp`, `s3 sync`), of gsutil and of gcloud (`storage cp`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mltradeoff_lint.graph.facets.pins import scheme_of

HERE = "."
"""The folder that the command runs in."""

_DIGESTS = frozenset({"md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "shasum", "b2sum"})
_BUCKETS = ("s3", "gs")
MAX_WORDS_OF_COMMAND = 2
"""Words in front of the verb of a cloud's tool: `s3` of `aws s3 cp`."""
_DRIVE = "https://drive.google.com/uc?id="


class Transfer(NamedTuple):
    """One thing that a command brings into a file, or out of an archive into a folder."""

    kind: str
    """`url`, `competition`, `dataset` of Kaggle, `archive`, or `link`: another name of what is local."""
    source: str
    target: str
    is_folder: bool = False
    """Whether the names in the target are those that the source holds."""


class _Line(NamedTuple):
    """The words of a command behind the program: options with their values, and the rest."""

    options: Mapping[str, tuple[str, ...]]
    rest: tuple[str, ...]

    def first(self, *names: str) -> str:
        """The first value of an option that goes by one of some names; empty without one."""
        return next((value for name in names for value in self.options.get(name, ())), "")

    def has(self, *names: str) -> bool:
        """Whether one of some options is given."""
        return any(name in self.options for name in names)


class _Program(NamedTuple):
    """How a program is told what to bring."""

    valued: frozenset[str]
    """The options that take a value."""
    brings: Callable[[_Line], Iterator[Transfer]]


def fetches(words: Sequence[str]) -> bool:
    """Whether a simple command may bring something, told by its program."""
    return any(posixpath.basename(word) in _PROGRAMS for word in words[:2])


def fetches_or_checks(words: Sequence[str]) -> bool:
    """Whether a simple command says anything of what is downloaded."""
    return fetches(words) or checks_digest(words)


def is_digest_program(word: str) -> bool:
    """Whether a word names a program that computes or checks digests."""
    return posixpath.basename(word) in _DIGESTS


def checks_digest(words: Sequence[str]) -> bool:
    """Whether a simple command compares files with the digests that are written down for them."""
    return any(is_digest_program(word) for word in words[:2]) and any(
        word in ("-c", "--check", "-sc") for word in words
    )


def transfers(words: Sequence[str]) -> tuple[Transfer, ...]:
    """What a simple command brings; empty for all other commands and where its words do not tell."""
    plain = [word for word in words if word]
    while plain and plain[0] in ("sudo", "command", "time"):
        plain = plain[1:]
    program = _PROGRAMS.get(posixpath.basename(plain[0])) if plain else None
    if program is None:
        return ()
    found = program.brings(_parsed(plain[1:], program.valued))
    return tuple(one for one in found if one.source and one.target not in ("", "-"))


def _parsed(words: Sequence[str], valued: frozenset[str]) -> _Line:
    options: dict[str, tuple[str, ...]] = {}
    rest: list[str] = []
    pending = list(reversed(words))
    while pending:
        word = pending.pop()
        if not word.startswith("-") or word == "-":
            rest.append(word)
            continue
        for name, value in _named(word, valued):
            given = value if value is not None or name not in valued else pending.pop() if pending else ""
            options[name] = (*options.get(name, ()), *((given,) if given is not None else ()))
    return _Line(options, tuple(rest))


def _named(word: str, valued: frozenset[str]) -> Iterator[tuple[str, str | None]]:
    """The options of one word, `-sLo name` and `-Oname` taken apart; a value that stands in the word."""
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        yield name, value if equals else None
        return
    for index, letter in enumerate(word[1:], 2):
        if f"-{letter}" in valued:
            yield f"-{letter}", word[index:] or None
            return
        yield f"-{letter}", None


def name_in(address: str) -> str:
    """The name of the file that an address ends in; empty where it ends in none."""
    return address.partition("?")[0].partition("://")[2].partition("/")[2].rstrip("/").rpartition("/")[2]


def _wget(line: _Line) -> Iterator[Transfer]:
    addresses = [word for word in line.rest if scheme_of(word) == "http"]
    name = line.first("-O", "--output-document")
    if line.has("-r", "--recursive", "-m", "--mirror") or (name and len(addresses) != 1):
        return
    folder = line.first("-P", "--directory-prefix")
    for one in addresses:
        own = posixpath.join(folder, name_in(one)) if name_in(one) else ""
        yield Transfer("url", one, name or own)


def _curl(line: _Line) -> Iterator[Transfer]:
    addresses = [word for word in line.rest if scheme_of(word) == "http"]
    names = (*line.options.get("-o", ()), *line.options.get("--output", ()))
    if line.has("-O", "--remote-name", "--remote-name-all") and not names:
        names = tuple(name_in(one) for one in addresses)
    if len(names) == len(addresses):
        folder = line.first("--output-dir")
        for one, name in zip(addresses, names, strict=True):
            yield Transfer("url", one, posixpath.join(folder, name) if name not in ("", "-") else "")


def _gdown(line: _Line) -> Iterator[Transfer]:
    source = line.first("--id") or next(iter(line.rest), "")
    target = line.first("-O", "--output")
    is_folder = line.has("--folder") or target.endswith("/")
    address = source if not source or "://" in source else f"{_DRIVE}{source}"
    yield Transfer("url", address, target or (HERE if is_folder else ""), is_folder)


def _copied(line: _Line) -> Iterator[Transfer]:
    """What a tool of a cloud copies out of a bucket: `aws s3 cp`, `gsutil -m cp -r`, `gcloud storage rsync`."""
    verbs = [position for position, word in enumerate(line.rest) if word in ("cp", "sync", "rsync")]
    behind = line.rest[verbs[0] + 1 :] if verbs and verbs[0] < MAX_WORDS_OF_COMMAND else ()
    # an endpoint of its own is another store, mostly one of the machine
    if len(behind) != 2 or line.has("--endpoint-url") or scheme_of(behind[0]) not in _BUCKETS or "://" in behind[1]:
        return
    source, target = behind
    if line.has("-r", "-R", "--recursive") or line.rest[verbs[0]] != "cp" or "*" in source:
        yield Transfer("url", source, target.rstrip("/") or HERE, is_folder=True)
        return
    name = source.rpartition("/")[2]
    is_file = "." in posixpath.basename(target.rstrip(".")) and not target.endswith("/")
    yield Transfer("url", source, target if is_file else posixpath.join(target, name) if name else "")


def _unzip(line: _Line) -> Iterator[Transfer]:
    archive = next(iter(line.rest), "")
    if archive and not line.has("-l", "-t", "-p", "-v", "-Z"):
        name = archive if "." in posixpath.basename(archive) else f"{archive}.zip"
        yield Transfer("archive", name, line.first("-d") or HERE, is_folder=True)


def _tar(line: _Line) -> Iterator[Transfer]:
    archive, rest = line.first("-f", "--file"), line.rest
    is_taken = line.has("-x", "--extract", "--get")
    if not line.options or (not archive and rest and set(rest[0]) <= set("xvzjJfpk")):
        # the old style writes its options without a dash
        is_taken, archive = rest[:1] != () and "x" in rest[0] and "f" in rest[0], next(iter(rest[1:]), "")
    if is_taken and archive != "-":
        yield Transfer("archive", archive, line.first("-C", "--directory") or HERE, is_folder=True)


def _rar(line: _Line) -> Iterator[Transfer]:
    verb, archive, *rest = (*line.rest, "", "")[:4]
    if verb in ("x", "e") and archive:
        folder = next((word for word in rest if word.endswith("/")), "")
        yield Transfer("archive", archive, folder.rstrip("/") or HERE, is_folder=True)


def _seven_zip(line: _Line) -> Iterator[Transfer]:
    verb, archive = (*line.rest, "", "")[:2]
    if verb in ("x", "e") and archive and not line.has("-s"):
        yield Transfer("archive", archive, line.first("-o") or HERE, is_folder=True)


def _patool(line: _Line) -> Iterator[Transfer]:
    verb, archive = (*line.rest, "", "")[:2]
    if verb == "extract" and archive:
        yield Transfer("archive", archive, line.first("--outdir") or HERE, is_folder=True)


def _gunzip(line: _Line) -> Iterator[Transfer]:
    """Files that are put in the place of their packed ones."""
    for one in () if line.has("-c", "--stdout", "-l", "-t") else line.rest:
        if one.endswith(".gz") and not one.endswith(".tar.gz"):
            yield Transfer("archive", one, one.removesuffix(".gz"))


def _link(line: _Line) -> Iterator[Transfer]:
    """Another name for a folder or file, which `ln -s` gives it."""
    if line.has("-s", "--symbolic") and len(line.rest) == 2:
        source, target = line.rest
        yield Transfer("link", source.rstrip("/"), target.rstrip("/"), is_folder=True)


def _kaggle(line: _Line) -> Iterator[Transfer]:
    kind = {"competitions": "competition", "c": "competition", "datasets": "dataset", "d": "dataset"}.get(
        next(iter(line.rest), ""), ""
    )
    if not kind or line.rest[1:2] != ("download",):
        return
    source = line.first(*(("-c", "--competition") if kind == "competition" else ("-d", "--dataset")))
    source = source or next(iter(line.rest[2:]), "")
    folder, file = line.first("-p", "--path"), line.first("-f", "--file")
    if kind == "dataset" and line.has("--unzip"):
        yield Transfer(kind, source, folder or HERE, is_folder=True)
        return
    names = (file, f"{file}.zip") if file else (f"{source.rpartition('/')[2]}.zip",)
    for name in names if source else ():
        yield Transfer(kind, source, posixpath.join(folder, posixpath.basename(name)))


_PROGRAMS = {
    "wget": _Program(
        frozenset(
            {"-O", "--output-document", "-P", "--directory-prefix", "-o", "--output-file", "-a", "--append-output",
             "-e", "--execute", "-i", "--input-file", "-t", "--tries", "-T", "--timeout", "-w", "--wait", "-U",
             "--user-agent", "--header", "--user", "--password", "--load-cookies", "--post-data", "--referer", "-Q"}
        ),
        _wget,
    ),
    "curl": _Program(
        frozenset(
            {"-o", "--output", "--output-dir", "-H", "--header", "-d", "--data", "-X", "--request", "-A",
             "--user-agent", "-u", "--user", "-e", "--referer", "-b", "--cookie", "-c", "--cookie-jar", "-F", "--form",
             "-m", "--max-time", "--retry", "--retry-delay", "--connect-timeout", "-T", "--upload-file", "-w",
             "--write-out", "-x", "--proxy", "-K", "--config", "-C", "--continue-at", "-r", "--range"}
        ),
        _curl,
    ),
    "gdown": _Program(frozenset({"--id", "-O", "--output", "--proxy", "--speed"}), _gdown),
    "aws": _Program(
        frozenset({"--profile", "--region", "--endpoint-url", "--exclude", "--include", "--request-payer",
                   "--page-size", "--cli-read-timeout", "--cli-connect-timeout", "--output"}),
        _copied,
    ),
    "gsutil": _Program(frozenset({"-o", "-h", "-u", "-i"}), _copied),
    "gcloud": _Program(frozenset({"--project", "--account", "--billing-project", "--format"}), _copied),
    "unzip": _Program(frozenset({"-d", "-P", "-x"}), _unzip),
    "tar": _Program(frozenset({"-f", "--file", "-C", "--directory", "--strip-components", "--exclude"}), _tar),
    "unrar": _Program(frozenset(), _rar),
    "rar": _Program(frozenset(), _rar),
    **dict.fromkeys(("7z", "7za", "7zr", "7zz"), _Program(frozenset({"-o"}), _seven_zip)),
    "patool": _Program(frozenset({"--outdir"}), _patool),
    "ln": _Program(frozenset(), _link),
    "gunzip": _Program(frozenset({"-S"}), _gunzip),
    "kaggle": _Program(
        frozenset({"-c", "--competition", "-d", "--dataset", "-p", "--path", "-f", "--file"}), _kaggle
    ),
}  # fmt: skip
