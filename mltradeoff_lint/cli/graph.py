"""`mltradeoff-lint graph`: the dependency graph of a repository as a document for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from mltradeoff_lint.cli import targets
from mltradeoff_lint.cli.names import Word
from mltradeoff_lint.cli.outputs import writable, write_file, write_stdout
from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.model.spelling import did_you_mean
from mltradeoff_lint.model.vocabulary import NODE_KINDS


@click.command("graph")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--format", "name", type=Word("json", "dot", "graphml", "mermaid"), default="json", help="Format.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Keep only nodes of this kind; repeatable.")
@click.option("--output", "file", metavar="FILE", help="Write to FILE instead of standard output.")
@click.option("--config", metavar="FILE", help="Settings file to use instead of the repository's own.")
@click.option("--isolated", is_flag=True, help="Ignore all settings files.")
@click.option(
    "--why",
    metavar="FILE:LINE|FILE|FOLDER",
    help="Explain a line instead: how its values were resolved, and what the handler that starts there reaches. "
    "Of a file: its handlers; of a folder (. for all): the handlers that reach a model.",
)
def command(
    path: str, name: str, kinds: tuple[str, ...], file: str | None, config: str | None, isolated: bool, why: str | None
) -> int:
    """Export the dependency graph of a repository.

    PATH is its folder, by default the working directory.
    """
    root = targets.folder(path)
    wanted = frozenset(_kind(kind) for value in kinds for kind in value.split(","))
    output = writable(Path(file)) if file else None
    if why is not None:
        return _explain(root, why, config, isolated)

    from mltradeoff_lint.analysis import analyse
    from mltradeoff_lint.cli.preparing import prepared
    from mltradeoff_lint.graph import export

    tree, settings, rules = prepared(root, config=config, isolated=isolated)
    analysis = analyse(tree, settings, rules=rules)

    writers = {
        "json": export.to_json,
        "dot": export.to_dot,
        "graphml": export.to_graphml,
        "mermaid": export.to_mermaid,
    }
    document = writers[name](analysis.graph, wanted, analysis.place)
    if output is None:
        write_stdout(document)
    else:
        write_file(output, document)
    return 0


def _explain(root: Path, why: str, config: str | None, isolated: bool) -> int:
    path, line = targets.place(why, root)

    from mltradeoff_lint import analysis
    from mltradeoff_lint.cli.preparing import prepared

    tree, settings, _ = prepared(root, config=config, isolated=isolated)
    lines = analysis.why(tree, settings, path, line) or (f"no call, assignment or handler starts at {path}:{line}",)
    write_stdout("".join(f"{line}\n" for line in lines))
    return 0


def _kind(word: str) -> str:
    """A node kind of the vocabulary, in any case; `UsageError` with the nearest one otherwise."""
    by_lower_case = {kind.lower(): kind for kind in NODE_KINDS}
    kind = by_lower_case.get(word.strip().lower())
    if kind is None:
        near = did_you_mean(word.strip(), NODE_KINDS) or f"; one of {', '.join(sorted(NODE_KINDS))}"
        raise UsageError(f"no such kind of node: {word.strip()}{near}")
    return kind
