"""A path that a step of a workflow returns is stored: the next step is given the path of a copy."""

from __future__ import annotations

import pytest

from tests.resolve.sample import repository

ZENML = """
from pathlib import Path
from typing import Annotated, List, Optional, Tuple
from zenml import ArtifactConfig, pipeline, step

@step
def prepare({parameters}){annotation}:
    {body}

@step
def train(given):
    probe({used})

@pipeline
def whole():
    {call}
"""


def probed(body: str, annotation: str = "", used: str = "given", call: str = "train(prepare())") -> list[str]:
    """What the second step is given of what the first one returns."""
    return repository(ZENML.format(parameters="", annotation=annotation, body=body, used=used, call=call)).probe()


@pytest.mark.parametrize(
    ("annotation", "name"),
    [
        (" -> Path", "prepare"),
        (" -> Optional[Path]", "prepare"),
        (" -> 'Path | None'".replace("'", ""), "prepare"),
        (' -> Annotated[Path, "rows"]', "rows"),
        (' -> Annotated[Path, ArtifactConfig(name="rows")]', "rows"),
        (' -> Annotated[Optional[Path], "rows"]', "rows"),
        ("", "prepare"),
    ],
)
def test_the_next_step_finds_a_copy_of_a_path_under_another_path(annotation: str, name: str) -> None:
    assert probed('return Path("datasets") / "small"', annotation, "given / 'val'") == [f"f'{{artifact:{name}}}/val'"]


@pytest.mark.parametrize(
    "path",
    ["folder", "folder / 'a'", "folder.parent", "folder.resolve()", "folder.joinpath('a')", "Path(str(folder))"],
)
def test_a_path_object_is_known_by_how_it_is_made_where_no_type_says_so(path: str) -> None:
    assert probed(f'folder = Path("datasets/b")\n    return {path}') == ["f'{artifact:prepare}'"]


@pytest.mark.parametrize(
    ("body", "annotation", "expected"),
    [
        ('return "datasets"', " -> str", "'datasets'"),
        ('return str(Path("datasets"))', " -> str", "'datasets'"),
        ('return str(Path("datasets"))', "", "'datasets'"),
        ('return "datasets"', ' -> Annotated[str, "rows"]', "'datasets'"),
        ("return 7", " -> int", "7"),
    ],
)
def test_texts_and_numbers_come_back_as_they_were(body: str, annotation: str, expected: str) -> None:
    assert probed(body, annotation) == [expected]


def test_of_several_results_only_the_paths_are_copies() -> None:
    annotation = ' -> Tuple[Annotated[Path, "rows"], Annotated[str, "split"]]'
    body = 'return Path("datasets"), "val"'
    call = "folder, split = prepare()\n    train(folder)"

    assert probed(body, annotation, call=call) == ["f'{artifact:rows}'"]
    assert probed(body, annotation, call=call.replace("train(folder)", "train(split)")) == ["'val'"]


def test_each_path_in_a_list_is_a_copy() -> None:
    body = 'return [Path("a.csv"), Path("b.csv")]'

    assert probed(body, " -> List[Path]", "given[0]") == ["f'{artifact:prepare}'"]


def test_a_step_that_is_called_inside_a_step_just_runs() -> None:
    code = ZENML.format(
        parameters="", annotation=" -> Path", body='return Path("datasets")', used="prepare() / 'val'", call="train(1)"
    )

    assert repository(code).probe() == ["'datasets/val'"]


def test_a_path_stays_where_it_is_between_functions_that_are_no_steps() -> None:
    code = 'from pathlib import Path\ndef folder() -> Path:\n    return Path("datasets")\nprobe(folder() / "val")\n'

    assert repository(code).probe() == ["'datasets/val'"]
