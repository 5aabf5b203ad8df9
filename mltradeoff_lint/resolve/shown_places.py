"""Places as reports show them: of a text inside another file, such as the code of a notebook, the line of that file."""

from __future__ import annotations

from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.resolve.interface import Resolver


def shown(resolver: Resolver, site: Site) -> str:
    """`path:line` of a site, as `check` prints it."""
    return shown_line(resolver, site.path, site.span.line)


def shown_line(resolver: Resolver, path: str, line: int) -> str:
    """`path:line` of a line of a text."""
    file = resolver.program.file(path)
    if file is None:
        return f"{path}:{line}"
    return f"{file.file}:{file.lines.to_host(Span(line, 0, line, 0))[0].line}"


def code_at(resolver: Resolver, path: str, line: int) -> tuple[tuple[str, int], ...]:
    """The lines of Python (path and line of the text) that stand at a line of a file as `check` prints it."""
    found = []
    for text in resolver.program.python_paths():
        file = resolver.program.file(text)
        if file is not None and file.file == path:
            found += [(text, one) for one in file.lines.lines_on(line)]
    return tuple(found)
