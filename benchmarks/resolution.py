"""Counts how much of what repositories say about their data and models resolves, and why the rest does not.

What a site is and when it is known stands in `mltradeoff_lint/resolve/resolution.py`, from which `check` takes its
coverage line too. Printed per repository and in sum, each as known / template / unknown with the commonest reasons:

* `data arguments`: the location of data reads that hold data (not configuration, models or prompts)
* `data parameters`: of these, the locations that hang on parameters of their function; *known* and *template* are
  followed to what calls pass, a configuration key, or the option, variable, request or workflow that brings it
* `unpassed parameters`: the same where nobody passes the parameter: functions that no code of the repository calls
* `model ids`: the model argument of model calls and clients that pass one
* `sdk receivers` (`py` and `ipynb`): model calls through a provider's own library, and unresolved calls named alike
* `runnables`: `.invoke`, `.stream` and their kin; resolved to a model, chain or agent, or to something else for certain
* `other receivers`: model calls of other libraries (`generate`, `encode`, `query`), and unresolved calls named alike
* `command values`: options of typer, click, fire, argparse and absl: what a command line of the repository or a default
  gives each

Usage: `python benchmarks/resolution.py [--list KIND] REPOSITORY...`; `--list` prints every unknown site of a kind.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from mltradeoff_lint.analysis import linked
from mltradeoff_lint.model.recursion import room_for_recursion
from mltradeoff_lint.resolve.resolution import OTHER, SDK, Resolution, Resolutions
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import WorktreeTree

STATES = ("known", "template", "unknown")
Counts = dict[str, Counter[tuple[str, str]]]


def measure(root: Path) -> list[Resolution]:
    """Every site of a repository."""
    resolver = WholeProgram(linked(WorktreeTree(root), Settings()))
    with room_for_recursion():
        judge = Resolutions(resolver, Sites(resolver))
        return [*judge.all(), *judge.options(resolver.given_options())]


def kind_of(one: Resolution) -> str:
    """The kind under which a site is counted; notebooks apart where goals differ."""
    if one.kind in (SDK, OTHER):
        return f"{one.kind} {'ipynb' if one.site.path.endswith('.ipynb') else 'py'}"
    return one.kind


def show(title: str, counts: Counts) -> None:
    """Print one block."""
    print(f"\n{title}")
    for kind, counter in sorted(counts.items()):
        total = counter.total()
        share = {word: sum(n for (one, _), n in counter.items() if one == word) for word in STATES}
        line = ", ".join(f"{word} {n} ({100 * n / total:.0f} %)" for word, n in share.items())
        print(f"  {kind}: {total} sites: {line}")
        reasons = Counter({reason: n for (one, reason), n in counter.items() if one == "unknown"})
        for reason, n in reasons.most_common(3):
            print(f"      {n} {reason}")


def main(words: list[str]) -> None:
    """Count every repository and the sum."""
    listed = ""
    if words[:1] == ["--list"]:
        listed, words = words[1], words[2:]
    total: Counts = {}
    for word in words:
        counts: Counts = {}
        for one in measure(Path(word)):
            kind = kind_of(one)
            counts.setdefault(kind, Counter())[one.state, one.reason] += 1
            if kind.startswith(listed) and listed and one.state == "unknown":
                print(f"{Path(word).name} {one.site.path}:{one.site.span.line} {one.reason}")
        show(Path(word).name, counts)
        for kind, counter in counts.items():
            total.setdefault(kind, Counter()).update(counter)
    show(f"sum of {len(words)}", total)


if __name__ == "__main__":
    main(sys.argv[1:])
