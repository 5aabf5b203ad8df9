"""What sets a model call off: the triggers of a function platform are requests and queues."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import calls

FUNCTION = """\
{imported}
from openai import OpenAI

app = {app}


@app.{trigger}
def caption(message):
    return OpenAI().responses.create(model="gpt-5-mini", input=message).output_text
"""
AZURE = "import azure.functions as func"
DURABLE = "import azure.durable_functions as durable"


@pytest.mark.parametrize(
    ("imported", "app", "trigger", "reach"),
    [
        (AZURE, "func.FunctionApp()", "queue_trigger(arg_name='message', queue_name='a')", "queue"),
        (AZURE, "func.Blueprint()", "queue_trigger(arg_name='message', queue_name='a')", "queue"),
        (AZURE, "func.FunctionApp()", "blob_trigger(arg_name='message', path='a')", "queue"),
        (AZURE, "func.FunctionApp()", "event_grid_trigger(arg_name='message')", "queue"),
        (AZURE, "func.FunctionApp()", "event_hub_message_trigger(arg_name='message')", "queue"),
        (AZURE, "func.FunctionApp()", "service_bus_queue_trigger(arg_name='message')", "queue"),
        (AZURE, "func.FunctionApp()", "service_bus_topic_trigger(arg_name='message')", "queue"),
        (AZURE, "func.FunctionApp()", "cosmos_db_trigger(arg_name='message')", "queue"),
        (DURABLE, "durable.DFApp()", "activity_trigger(input_name='message')", "queue"),
        (DURABLE, "durable.Blueprint()", "orchestration_trigger(context_name='message')", "queue"),
        (AZURE, "func.Blueprint()", "route(route='ask')", "request"),
    ],
)
def test_a_trigger_of_azure_functions_is_an_entry(imported: str, app: str, trigger: str, reach: str) -> None:
    text = FUNCTION.replace("{imported}", imported).replace("{app}", app).replace("{trigger}", trigger)
    (call,) = calls({"function_app.py": text})
    assert call.properties["reach"] == reach


WORKER = """\
{imported}
from openai import OpenAI


{decorator}
async def caption(*message):
    return OpenAI().responses.create(model="gpt-5-mini", input=message).output_text


{started}
"""


@pytest.mark.parametrize(
    ("imported", "decorator", "started", "reach"),
    [
        ("from arq import cron", "", "jobs = [cron(caption, hour=6)]", "schedule"),
        ("from arq.worker import func", "", "functions = [func(caption, timeout=60)]", "queue"),
        ("from arq.worker import Worker", "", "Worker(functions=[caption]).run()", "queue"),
        ("from rq import Queue", "", "Queue().enqueue(caption, 'Hello')", "queue"),
        ("from temporalio.worker import Worker", "", "Worker(None, task_queue='a', activities=[caption])", "queue"),
        ("from ninja import NinjaAPI\napi = NinjaAPI()", "@api.post('/captions')", "", "request"),
        ("from ninja import Router\nrouter = Router()", "@router.get('/captions')", "", "request"),
    ],
)
def test_what_a_worker_or_a_router_is_given_is_an_entry(
    imported: str, decorator: str, started: str, reach: str
) -> None:
    text = WORKER.replace("{imported}", imported).replace("{decorator}", decorator).replace("{started}", started)
    (call,) = calls({"captions.py": text})
    assert call.properties["reach"] == reach


def test_calling_a_program_of_dspy_runs_its_forward() -> None:
    program = (
        "import dspy\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\nclass Router(dspy.Module):\n"
        "    def __init__(self):\n        self.choose = dspy.Predict('message -> team')\n\n"
        "    def forward(self, message):\n        return self.choose(message=message)\n\n\nrouter = Router()\n\n\n"
        "@app.post('/route')\ndef route(message):\n    return router(message=message).team\n"
    )
    (call,) = calls({"app.py": program})
    assert (call.properties["reach"], call.properties["metering"]) == ("request", "absent")


def test_a_handler_reads_the_usage_of_what_forward_returns() -> None:
    program = (
        "import logging\nimport dspy\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\nclass Router(dspy.Module):\n"
        "    def __init__(self):\n        self.choose = dspy.Predict('message -> team')\n\n"
        "    def forward(self, message):\n        return self.choose(message=message)\n\n\nrouter = Router()\n\n\n"
        "@app.post('/route')\ndef route(message):\n    found = router(message=message)\n"
        "    logging.info(found.get_lm_usage())\n    return found.team\n"
    )
    (call,) = calls({"app.py": program})
    assert call.properties["metering"] == "satisfied"
