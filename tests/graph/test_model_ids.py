"""The model of a call is told where one model is possible, and not where one of several is written down."""

from __future__ import annotations

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

HEAD = "import litellm\nfrom django.db import models\nclass Chat(models.Model):\n    name = models.CharField({})\n"
ASK = "def ask(chat: Chat, text):\n    return litellm.completion(model={}, messages=[text])\n"


def test_the_default_of_a_column_is_not_the_model_of_a_call() -> None:
    (call,) = nodes(analysed({"app.py": HEAD.format("default='gpt-4o'") + ASK.format("chat.name")}), "ModelCall")
    assert isinstance(call.properties["model"], Unknown)


def test_a_model_that_is_written_is_the_model_of_a_call() -> None:
    (call,) = nodes(analysed({"app.py": HEAD.format("default='gpt-4o'") + ASK.format("'o3'")}), "ModelCall")
    assert call.properties["model"] == "o3"
