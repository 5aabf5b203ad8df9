from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

import mltradeoff_lint.analysis
from mltradeoff_lint.cli.main import run
from mltradeoff_lint.graph.export import as_read
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Graph
from mltradeoff_lint.model.source import Site, Span
from tests.report.sample import FILES, RUN


class Said(NamedTuple):
    """What one command line said and returned."""

    status: int
    out: str
    err: str


Cli = Callable[..., Said]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample repository, as the working directory."""
    for path, text in FILES.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def cli(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs one command line in this process, in the sample repository."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CI"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Said:
        capsys.readouterr()
        status = run(arguments)
        return Said(status, *capsys.readouterr())

    return call


def small_graph() -> Graph:
    """A training that learns from a dataset."""
    graph = Graph()
    site = Site("churn/train.py", Span(4, 0, 4, 10))
    dataset = graph.add("Dataset", "s3://acme/<x>.csv", 'say "hi"\x07', site, pin="mutable-implicit", remote=True)
    training = graph.add("Training", "churn.train", "fit", site, persists=True)
    graph.link(training.id, dataset.id, "trained_on", Evidence(site, "argument X of fit", Certainty.EXACT))
    return graph


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Replaces the analysis by a canned one; `canned.run` may be set, `canned.settings` is what it was asked with."""
    said = SimpleNamespace(run=RUN, graph=small_graph(), settings=None, as_of=None, place=as_read)
    said.why_not = lambda path, line: (f"{path}:{line} nothing was a candidate",)

    def analyse(tree: Any, settings: Any, **options: Any) -> SimpleNamespace:
        said.settings = settings
        said.options = options
        return said

    monkeypatch.setattr(mltradeoff_lint.analysis, "analyse", analyse)
    return said
