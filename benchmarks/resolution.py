"""Counts how much of what a repository says about its data and models resolves, and why the rest does not.

A **site** is every call outside tests that the catalog knows as a data read, a model call or a model client,
after import resolution, plus every call whose receiver did not resolve and whose method name the catalog
knows as a model call (so that an unresolved receiver cannot leave the denominator). Four shares are printed
per repository and in sum, each as known / template / unknown with the commonest reasons:

* `data arguments`: the location argument of data reads that hold data (not configuration or models)
* `model ids`: the model argument of model calls and clients that pass one
* `receivers`: the receiver of model calls: typed or not
* `command values`: options of typer, click and argparse: a default or a command line gives them a value

Usage: `python benchmarks/resolution.py REPOSITORY...`
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from mltradeoff_lint.analysis import linked
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Library, Literal, Template, Values
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import WorktreeTree

KINDS = ("data arguments", "model ids", "receivers py", "receivers ipynb", "command values")
NOT_DATA = ("config", "model", "prompt")


def state(values: Values) -> tuple[str, str]:
    """`known`, `template` or `unknown` with the reason, for one set of values."""
    for value in values:
        if isinstance(value, Literal):
            return "known", ""
    for value in values:
        if isinstance(value, Template):
            return "template", ""
    for value in values:
        if isinstance(value, Unknown):
            return "unknown", value.reason
    return ("known", "") if values else ("unknown", "nothing is passed")


def count(resolver: WholeProgram, sites: Sites) -> dict[str, Counter[tuple[str, str]]]:
    """The counts of one repository by kind."""
    counts: dict[str, Counter[tuple[str, str]]] = {kind: Counter() for kind in KINDS}
    typed: set[tuple[str, int]] = set()
    for use in sites.uses:
        if is_test(use.ref.path):
            continue
        if use.meaning.kind == "dataset-read" and use.meaning.literal("holds") not in NOT_DATA:
            if use.meaning.selectors("location"):
                counts["data arguments"][state(sites.setting(use, "location"))] += 1
        elif use.meaning.kind == "model-call":
            typed.add((use.ref.path, use.ref.call))
        elif use.meaning.kind == "cli-option":
            counts["command values"][state(sites.setting(use, "default"))] += 1
        if use.meaning.kind in ("model-call", "client") and use.meaning.selectors("model"):
            values = sites.setting(use, "model")
            if values:
                counts["model ids"][state(values)] += 1
    _receivers(resolver, typed, counts)
    return counts


def _receivers(
    resolver: WholeProgram, typed: set[tuple[str, int]], counts: dict[str, Counter[tuple[str, str]]]
) -> None:
    rows = resolver.program.catalog.rows("calls")
    names = {row.path.rpartition(".")[2] for row in rows if row.kind == "model-call"} - {"*", "**"}
    for path in resolver.program.python_paths():
        if is_test(path):
            continue
        facts = resolver.facts(path)
        kind = "receivers ipynb" if path.endswith(".ipynb") else "receivers py"
        for number, call in enumerate(facts.calls):
            if (path, number) in typed:
                counts[kind][("known", "")] += 1
                continue
            expr = facts.exprs[call.function]
            if expr[0] == "attr" and expr[2] in names:
                values = resolver.values(path, call.function)
                if not any(isinstance(value, Library) for value in values) and all(
                    isinstance(v, Unknown) for v in values
                ):
                    counts[kind][state(values)] += 1


def show(title: str, counts: dict[str, Counter[tuple[str, str]]]) -> None:
    """Print one block."""
    print(f"\n{title}")
    for kind, counter in counts.items():
        total = counter.total()
        if not total:
            continue
        share = {
            word: sum(n for (one, _), n in counter.items() if one == word) for word in ("known", "template", "unknown")
        }
        line = ", ".join(f"{word} {n} ({100 * n / total:.0f} %)" for word, n in share.items())
        reasons = Counter({reason: n for (one, reason), n in counter.items() if one == "unknown"})
        print(f"  {kind}: {total} sites: {line}")
        for reason, n in reasons.most_common(3):
            print(f"      {n} {reason}")


def main(paths: list[str]) -> None:
    """Count every repository and the sum."""
    total: dict[str, Counter[tuple[str, str]]] = {kind: Counter() for kind in KINDS}
    for path in paths:
        resolver = WholeProgram(linked(WorktreeTree(Path(path)), Settings()))
        sites = Sites(resolver)
        counts = count(resolver, sites)
        show(Path(path).name, counts)
        for kind, counter in counts.items():
            total[kind].update(counter)
    show(f"sum of {len(paths)}", total)


if __name__ == "__main__":
    main(sys.argv[1:])
