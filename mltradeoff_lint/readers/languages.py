"""Which language a path is written in, told from its name alone, and how large a file of it may be.

A path without a language is not read. That is the case for data (csv, parquet, images, JSON lines), for prose, and
for the machine-written JSON and YAML of `GENERATED`.
"""

from __future__ import annotations

import re
from posixpath import basename, dirname

from mltradeoff_lint.model.problem import Problem, ProblemKind

SUFFIXES: dict[str, str] = {
    ".py": "python",
    ".pyw": "python",
    ".ipynb": "notebook",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".dvc": "yaml",
    ".toml": "toml",
    ".json": "json",
    ".jsonc": "json",
    ".ini": "ini",
    ".cfg": "ini",
    ".dockerfile": "dockerfile",
    ".containerfile": "dockerfile",
    ".env": "dotenv",
    ".sh": "shell",
    ".bash": "shell",
    ".zsh": "shell",
    ".ksh": "shell",
    ".sbatch": "shell",
    ".slurm": "shell",
    ".envrc": "shell",
    ".mk": "makefile",
    ".sql": "sql",
    ".pbtxt": "pbtxt",
    ".prototxt": "pbtxt",
}
"""Language by suffix; suffixes compare in lower case."""

NAMES: dict[str, str] = {
    "dvc.lock": "yaml",
    "mlproject": "yaml",
    "mlmodel": "yaml",
    "pipfile": "toml",
    "pipfile.lock": "lockfile",
    "poetry.lock": "lockfile",
    "uv.lock": "lockfile",
    "pdm.lock": "lockfile",
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "makefile": "makefile",
    "gnumakefile": "makefile",
    "procfile": "procfile",
    ".envrc": "shell",
    ".env": "dotenv",
}
"""Language by whole name, in lower case; a name wins over its suffix."""

GENERATED = frozenset({
    "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "conda-lock.yml", "conda-lock.yaml", "tokenizer.json",
    "vocab.json", "added_tokens.json", "special_tokens_map.json", "model.safetensors.index.json",
    "pytorch_model.bin.index.json", "manifest.webmanifest", "composer.lock",
})  # fmt: skip
"""Names that only programs write and that say nothing about trade-offs."""

_OWNERS_FOLDERS = ("", ".github", ".gitlab", "docs")
_DOTENV = re.compile(r"\.env\.(?!py$|js$|ts$|tsx$|md$|j2$|gpg$|enc$)[\w.-]+|env\.(?:example|sample|template|dist)")
_SHOWN = r"(?:\.(?:examples?|samples?|templates?|dist|tmpl|tpl))"
_ENV_MAPPING = re.compile(
    rf"[\w.-]*\.env(?:[._-][\w.-]*)?\.ya?ml{_SHOWN}?|env(?:[._-][\w.-]*)?\.ya?ml{_SHOWN}", re.ASCII
)
"""Environment files that are written as YAML; those without another suffix behind it are YAML by their suffix too."""
_DOCKERFILE = re.compile(r"(?:docker|container)file[.-](?!md$|txt$|py$|j2$|jinja2?$|tmpl$|dockerignore$|sh$)[\w.-]+")
_PROCFILE = re.compile(r"procfile\.[\w-]+")
_MAKEFILE = re.compile(r"makefile\.(?!am$|in$|py$)[\w-]+")
_REQUIREMENTS = re.compile(r"(?:[\w.-]*requirements?[\w.-]*|constraints[\w.-]*)\.(?:txt|in)")
_REQUIREMENTS_FOLDER = re.compile(r"(?:^|/)requirements(?:/|$)")
_CONFIG_WORDS = re.compile(r"config|settings|manifest|params|openapi|swagger|dashboard|schema|workflow|pipeline")

_MEGABYTE = 1 << 20
SIZE_LIMITS: dict[str, int] = {"notebook": 32 * _MEGABYTE, "lockfile": 8 * _MEGABYTE, "json": _MEGABYTE // 4}
"""Largest file that is read, in bytes, where it is not `DEFAULT_LIMIT`: notebooks hold pictures, and JSON of more than
256 KiB is data."""
DEFAULT_LIMIT = _MEGABYTE


def language_of(path: str) -> str | None:
    """The language of a repository path (POSIX separators), or None when files of its kind are not read."""
    name = basename(path).lower()
    if name == "codeowners":
        return "codeowners" if dirname(path) in _OWNERS_FOLDERS else None
    if name in GENERATED:
        return None
    if name in NAMES:
        return NAMES[name]
    if _is_requirements(path, name):
        return "requirements"
    for pattern, language in (
        (_ENV_MAPPING, "yaml"),
        (_DOTENV, "dotenv"),
        (_DOCKERFILE, "dockerfile"),
        (_PROCFILE, "procfile"),
        (_MAKEFILE, "makefile"),
    ):
        if pattern.fullmatch(name):
            return language
    dot = name.rfind(".")
    return SUFFIXES.get(name[dot:]) if dot > 0 else None


def _is_requirements(path: str, name: str) -> bool:
    if not name.endswith((".txt", ".in")):
        return False
    return _REQUIREMENTS.fullmatch(name) is not None or _REQUIREMENTS_FOLDER.search(dirname(path).lower()) is not None


def size_limit(language: str) -> int:
    """The largest file of a language that is read, in bytes."""
    return SIZE_LIMITS.get(language, DEFAULT_LIMIT)


def oversize_problem(language: str, path: str, size: int) -> Problem | None:
    """The problem that a file above its `size_limit` is; None for JSON, which is data then unless named as settings."""
    if language == "json" and not _CONFIG_WORDS.search(basename(path).lower()):
        return None
    limit = size_limit(language)
    words = f"not read: {_amount(size)}, and {language} files are read up to {_amount(limit)}"
    return Problem.of_file(ProblemKind.SKIPPED, path, words)


def _amount(size: int) -> str:
    return f"{size / _MEGABYTE:.1f} MB" if size >= _MEGABYTE else f"{size / 1024:.0f} KB"
