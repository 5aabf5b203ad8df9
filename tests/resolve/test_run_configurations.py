"""Parameters of pipelines and their steps that the configuration of a run gives."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mltradeoff_lint.resolve.domain import Literal
from tests.resolve.sample import repository

STEPS = "from zenml import step\n@step\ndef train(frame, rate: float = 0.1):\n    probe(rate)\n"
FLOW = "from zenml import pipeline\nfrom steps import train\n@pipeline\ndef churn():\n    train(1)\n"
RUN = "from flow import churn\ndef main(path):\n    churn.with_options(config_path=PATH)()\n"
ANY = "__import__('sys').stdin.read()"


def rates(files: Mapping[str, str], path: str = "steps.py") -> list[tuple[object, str]]:
    """The literals that `probe` is given, with how firmly each is written down."""
    found = [one for one in repository(files).values(path) if isinstance(one, Literal)]
    return sorted(((one.value, one.provenance) for one in found), key=repr)


def document(rate: float, step: str = "train") -> str:
    """A document that configures one step."""
    return f"steps:\n  {step}:\n    parameters:\n      rate: {rate}\n"


def configured(path: str, documents: dict[str, str], *, flow: str = FLOW, run: str = RUN) -> list[tuple[object, str]]:
    """What the step's parameter is where runs are given a path."""
    return rates({"steps.py": STEPS, "flow.py": flow, "run.py": run.replace("PATH", path), **documents})


BOTH = {"configs/a.yaml": document(0.2), "configs/b.yaml": document(0.3)}


def test_a_document_that_every_run_has_takes_the_place_of_the_default() -> None:
    assert configured("'configs/a.yaml'", BOTH) == [(0.2, "configured")]


@pytest.mark.parametrize("path", [ANY, "path", "f'configs/{path}.yaml'", "f'configs/{path}'"])
def test_a_path_that_is_open_means_every_document_that_fits(path: str) -> None:
    assert configured(path, BOTH) == [(0.2, "configured"), (0.3, "configured")]


def test_only_documents_that_fit_the_written_part_are_meant() -> None:
    assert configured("f'configs/b{path}.yaml'", {**BOTH, "other/b.yaml": document(0.4)}) == [(0.3, "configured")]


def test_the_default_of_an_option_is_one_document_of_several() -> None:
    run = (
        "import click\nfrom flow import churn\n@click.command()\n@click.option('--path', default='configs/a.yaml')\n"
        "def main(path):\n    churn.with_options(config_path=path)()\n"
    )
    assert configured("", BOTH, run=run) == [(0.2, "configured"), (0.3, "configured")]


def test_a_document_that_leaves_a_parameter_out_leaves_it_its_default() -> None:
    silent = {"configs/c.yaml": "steps:\n  train:\n    enable_cache: false\n"}
    assert configured("path", {**BOTH, **silent}) == [(0.1, "default"), (0.2, "configured"), (0.3, "configured")]
    assert configured("'configs/c.yaml'", {**BOTH, **silent}) == [(0.1, "default")]


@pytest.mark.parametrize(
    "more",
    [
        "    churn()\n",
        "    churn.with_options(enable_cache=False)()\n",
        "    churn.with_options(config_path=None)()\n",
        "    churn.with_options(config_path='configs/missing.yaml')()\n",
    ],
)
def test_a_run_without_a_document_has_the_default(more: str) -> None:
    found = configured("'configs/a.yaml'", BOTH, run=RUN + more)
    assert found == [(0.1, "default"), (0.2, "configured")]


def test_options_may_be_gathered_in_a_dict() -> None:
    run = (
        "import os\nfrom flow import churn\ndef main(cache):\n    options = {'enable_cache': cache}\n"
        "    options['config_path'] = os.path.join(os.path.dirname(__file__), 'configs', 'b.yaml')\n"
        "    one = churn.with_options(**options)\n    one()\n"
    )
    assert configured("", BOTH, run=run) == [(0.3, "configured")]


def test_without_a_call_that_names_a_document_there_is_none() -> None:
    assert configured("", BOTH, run="from flow import churn\nchurn()\n") == [(0.1, "default")]
    assert configured("", BOTH, run="") == [(0.1, "default")]


def test_a_document_of_another_pipeline_says_nothing() -> None:
    other = "from zenml import pipeline, step\n@step\ndef load(): ...\n@pipeline\ndef other():\n    load()\n"
    run = "from other import other\ndef main(path):\n    other.with_options(config_path=path)()\n"
    assert configured("", {**BOTH, "other.py": other}, run=run) == [(0.1, "default")]


def test_a_document_of_another_project_says_nothing() -> None:
    files = {"steps.py": STEPS, "flow.py": FLOW, "run.py": RUN.replace("PATH", "path"), "pyproject.toml": ""}
    mine = {f"one/{name}": text for name, text in files.items()}
    assert rates({**mine, "two/a.yaml": document(0.4), "one/a.yaml": document(0.2)}, "one/steps.py") == [
        (0.2, "configured")
    ]


def test_what_code_passes_counts_beside_the_configuration() -> None:
    flow = FLOW.replace("train(1)", "train(1, rate=0.5)")
    assert configured("'configs/a.yaml'", BOTH, flow=flow) == [(0.2, "configured"), (0.5, "literal")]


def test_a_step_goes_by_its_own_name_or_by_that_of_its_call() -> None:
    steps = STEPS.replace("@step", "@step(name='fit')")
    files = {"flow.py": FLOW, "run.py": RUN.replace("PATH", "'a.yaml'")}
    assert rates({**files, "steps.py": steps, "a.yaml": document(0.2, "fit")}) == [(0.2, "configured")]
    flow = FLOW.replace("train(1)", "train(1, id='second')")
    assert configured("'a.yaml'", {"a.yaml": document(0.2, "second")}, flow=flow) == [(0.2, "configured")]
    assert configured("'a.yaml'", {"a.yaml": document(0.2)}, flow=flow) == [(0.1, "default")]


def test_a_step_may_be_called_by_a_function_or_a_pipeline_inside() -> None:
    within = FLOW.replace("@pipeline\n", "def fit():\n    train(1)\n@pipeline\n").replace(
        "    train(1)\n", "    fit()\n"
    )
    within = within.replace("def fit():\n    fit()", "def fit():\n    train(1)")
    assert configured("'configs/a.yaml'", BOTH, flow=within) == [(0.2, "configured")]
    nested = within.replace("def fit", "@pipeline\ndef fit")
    assert configured("'configs/a.yaml'", BOTH, flow=nested) == [(0.2, "configured")]


def test_a_pipeline_has_parameters_of_its_own() -> None:
    flow = FLOW.replace("churn()", "churn(rate=0.1)").replace("train(1)", "probe(rate)")
    files = {"steps.py": STEPS, "flow.py": flow, "run.py": RUN.replace("PATH", "path")}
    documents = {"a.yaml": "parameters:\n  rate: 0.2\n", "b.yaml": "parameters:\n  other: 0.3\n"}
    assert rates({**files, **documents}, "flow.py") == [(0.2, "configured")]


def test_an_object_of_a_model_is_made_of_what_the_document_holds() -> None:
    model = "from zenml import step\nfrom pydantic import BaseModel\n"
    model += "class Settings(BaseModel):\n    rate: float = 0.1\n    seed: int = 7\n"
    steps = model + "@step\ndef train(frame, settings: Settings):\n    probe(settings.FIELD)\n"
    files = {"flow.py": FLOW, "run.py": RUN.replace("PATH", "'a.yaml'")}
    files["a.yaml"] = "steps:\n  train:\n    parameters:\n      settings: {rate: 0.2}\n"
    assert rates({**files, "steps.py": steps.replace("FIELD", "rate")}) == [(0.2, "configured")]
    assert [value for value, _ in rates({**files, "steps.py": steps.replace("FIELD", "seed")})] == [7]


def test_a_document_that_is_only_an_example_is_no_firmer_than_that() -> None:
    assert configured("path", {"run.example.yaml": document(0.2)}) == [(0.2, "example")]


def test_a_reference_to_the_environment_is_not_known() -> None:
    document_of = "steps: {train: {parameters: {rate: '${RATE}'}}}\n"
    assert configured("'a.yaml'", {"a.yaml": document_of}) == []


def test_a_path_that_comes_from_a_step_of_the_same_pipeline_ends() -> None:
    steps = STEPS + "@step\ndef again(path='a.yaml'):\n    from flow import churn\n"
    steps += "    churn.with_options(config_path=path)()\n"
    flow = FLOW.replace("import train", "import train, again") + "    again()\n"
    assert (0.2, "configured") in rates({"steps.py": steps, "flow.py": flow, "a.yaml": document(0.2)})


# -- parameters that one configuration sets together

FETCH = (
    "from zenml import step\n@step\ndef fetch(url: str = 'https://a', small: bool = False):\n"
    "    if not small:\n        probe(url)\n    else:\n        other(url)\n"
)
FETCHING = "from zenml import pipeline\nfrom steps import fetch\n@pipeline\ndef churn():\n    fetch(ARGUMENTS)\n"


def fetched(documents: dict[str, str], path: str = "path", arguments: str = "", name: str = "probe") -> list[str]:
    """What a call under a test of another parameter is given where runs are configured by documents."""
    both = {
        f"configs/{key}.yaml": f"steps:\n  fetch:\n    parameters:\n      {value}\n" for key, value in documents.items()
    }
    files = {
        "steps.py": FETCH,
        "flow.py": FETCHING.replace("ARGUMENTS", arguments),
        "run.py": RUN.replace("PATH", path),
        **both,
    }
    return repository(files).probe("steps.py", name)


RUNS = {"dev": "{url: 'https://dev', small: true}", "live": "{url: 'https://live', small: false}"}


def test_a_configuration_counts_where_its_other_parameters_pass_the_test() -> None:
    assert fetched(RUNS) == ["'https://live'"]
    assert fetched(RUNS, name="other") == ["'https://dev'"]


def test_a_configuration_that_leaves_the_tested_parameter_out_has_its_default() -> None:
    assert fetched({**RUNS, "more": "{url: 'https://more'}"}) == ["'https://live'", "'https://more'"]


def test_a_run_without_a_configuration_has_the_defaults() -> None:
    assert fetched(RUNS, path="'configs/missing.yaml' if path else f'configs/{path}.yaml'") == [
        "'https://a'",
        "'https://live'",
    ]


def test_what_a_call_passes_may_come_with_any_configuration() -> None:
    assert fetched(RUNS, arguments="small=load()") == ["'https://dev'", "'https://live'"]
