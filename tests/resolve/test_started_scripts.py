"""Scripts that code starts by a path built on its own place: a step of a cloud pipeline beside its script."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

SCRIPT = (
    "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--path', required=True)\n"
    "args = parser.parse_args()\nprobe(args.path)\n"
)
STEP = (
    "import os\nfrom pathlib import Path\nfrom sagemaker.workflow.steps import ProcessingStep\n"
    "HERE = os.path.dirname(os.path.realpath(__file__))\n"
    "def steps(processor):\n"
    "    return ProcessingStep(name='clean', processor=processor, code=CODE, job_arguments=['--path', 's3://shop/a.csv'])\n"
)


@pytest.mark.parametrize("code", ["os.path.join(HERE, 'clean.py')", "str(Path(__file__).parent / 'clean.py')"])
def test_a_step_passes_options_to_the_script_beside_it(code: str) -> None:
    files = {"flows/churn/pipeline.py": STEP.replace("CODE", code), "flows/churn/clean.py": SCRIPT}
    assert probe(files, "flows/churn/clean.py") == ["'s3://shop/a.csv'"]


def test_a_script_of_the_same_name_elsewhere_is_not_meant() -> None:
    pipeline = STEP.replace("CODE", "os.path.join(HERE, 'clean.py')")
    files = {"a/pipeline.py": pipeline, "a/clean.py": "print()", "b/clean.py": SCRIPT}
    (found,) = probe(files, "b/clean.py")
    assert "shop" not in found
