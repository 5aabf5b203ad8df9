"""Readers: one module a syntax, bytes of one file to facts. They know syntax only, no tool, no library, no other file.

`read_text` is the one door for every language but Python, whose reader has more than one producer.
"""

from __future__ import annotations

from importlib import import_module

from mltradeoff_lint.model.facts import Reading
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.readers.languages import language_of, oversize_problem, size_limit

READERS: dict[str, str] = {
    "notebook": "notebook",
    "yaml": "yaml_documents",
    "toml": "toml_documents",
    "json": "json_documents",
    "ini": "ini_documents",
    "pbtxt": "pbtxt",
    "dockerfile": "dockerfile",
    "codeowners": "codeowners",
    "requirements": "requirements",
    "lockfile": "lockfile",
    "dotenv": "dotenv",
    "shell": "shell",
    "makefile": "makefile",
    "procfile": "procfile",
    "sql": "sql",
}
"""Language to the module of this package whose `read` reads it."""

__all__ = ["READERS", "language_of", "oversize_problem", "read_text", "size_limit"]


def read_text(language: str, data: bytes | str, path: str) -> Reading:
    """Read one text of a language other than Python; never raises.

    The reader's module is imported on first use. A text above the size limit is a SKIPPED problem (JSON: no content,
    it is data), and any exception of a reader is a CRASH problem that names the file.
    """
    if len(data) > size_limit(language):
        problem = oversize_problem(language, path, len(data))
        return Reading(None, problems=(problem,) if problem else ())
    try:
        module = import_module(f"{__name__}.{READERS[language]}")
        reading: Reading = module.read(data, path)
    except Exception as error:
        words = f"the {language} reader failed: {type(error).__name__}: {str(error)[:200]}"
        return Reading(None, problems=(Problem.of_file(ProblemKind.CRASH, path, words),))
    return reading
