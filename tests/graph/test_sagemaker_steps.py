"""The steps of a SageMaker pipeline that train, the parameters of its runs, and what one step hands to the next."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

STEPS = """
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.tuner import HyperparameterTuner
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.steps import ProcessingStep, TrainingStep, TuningStep
estimator = Estimator(image_uri="shop:1")
rows = ParameterString(name="rows", default_value="s3://shop/rows.csv")
tuner = HyperparameterTuner(estimator)
given = {"train": TrainingInput(s3_data="s3://shop/rows.csv")}
"""


@pytest.mark.parametrize(
    ("code", "estimator"),
    [
        ("TrainingStep(name='train', estimator=estimator, inputs=given)", "Estimator"),
        ("TrainingStep(name='train', step_args=estimator.fit(given))", "Estimator"),
        ("TrainingStep('train', estimator=estimator, inputs={'train': TrainingInput(rows)})", "Estimator"),
        ("TuningStep(name='tune', tuner=tuner, inputs=given)", "HyperparameterTuner"),
        ("TuningStep(name='tune', step_args=tuner.fit(inputs=given))", "HyperparameterTuner"),
    ],
)
def test_a_step_trains_as_the_fit_of_its_estimator_does(code: str, estimator: str) -> None:
    analysis = analysed({"pipeline.py": f"{STEPS}{code}\n"})
    assert [node.properties["estimator"] for node in nodes(analysis, "Training")] == [estimator]
    assert [node.label for node in nodes(analysis, "Dataset")] == ["s3://shop/rows.csv"]


@pytest.mark.parametrize(("given", "provenance"), [("rows", "default"), ("'s3://shop/rows.csv'", "literal")])
def test_a_parameter_of_a_run_has_its_default_and_no_more(given: str, provenance: str) -> None:
    (node,) = nodes(analysed({"pipeline.py": f"{STEPS}estimator.fit(TrainingInput({given}))\n"}), "Dataset")
    assert node.properties["provenance"] == provenance


def test_a_parameter_without_a_default_names_nothing() -> None:
    code = f"{STEPS}estimator.fit(TrainingInput(ParameterString(name='rows')))\n"
    (node,) = nodes(analysed({"pipeline.py": code}), "Dataset")
    assert isinstance(node.properties["pin"], Unknown)


def test_the_output_of_an_earlier_step_is_said_to_be_one() -> None:
    made = "ProcessingStep(name='clean').properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"
    (node,) = nodes(analysed({"pipeline.py": f"{STEPS}estimator.fit(TrainingInput({made}))\n"}), "Dataset")
    assert node.properties["pin"] == Unknown("it exists for one run only: `output of an earlier step`")


def test_a_long_reason_is_shortened_in_the_middle() -> None:
    way = ".".join(["part_of_what_another_library_holds"] * 4)
    (node,) = nodes(
        analysed({"pipeline.py": f"{STEPS}import other\nestimator.fit(TrainingInput(other.{way}))\n"}), "Dataset"
    )
    pin = node.properties["pin"]
    assert isinstance(pin, Unknown)
    assert pin.reason.startswith("a location from `other.part_of")
    assert "..." in pin.reason
    assert pin.reason.endswith("another_library_holds`")
