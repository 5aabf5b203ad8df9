"""A function that nothing calls sends no invoice, where its module is loaded by code in use that never names it."""

from __future__ import annotations

import time

import pytest

from tests.graph.metering_repository import verdict

ASK = """\
from openai import OpenAI


def ask(prompt, attempt=0):
    try:
        reply = OpenAI().chat.completions.create(model="gpt-5-mini", messages=[{"role": "user", "content": prompt}])
        return reply.choices[0].message.content
    except Exception:
        return ask(prompt, attempt + 1)


def size(text):
    return len(text)
"""

MAIN = """\
from llm import *

if __name__ == "__main__":
    print(size("nothing calls a model here"))
"""

MORE = """\


def first(prompt):
    return second(prompt)


def second(prompt):
    return first(prompt) if prompt else ask(prompt)
"""


def _verdict(llm: str = ASK, main: str = MAIN, **more: str) -> tuple[str, str]:
    files = {"llm.py": llm, "main.py": main}
    found = verdict({**files, **{name.replace("__", "/").replace("_py", ".py"): text for name, text in more.items()}})
    return found.state, found.how


def _of(files: dict[str, str]) -> str:
    return verdict({"llm.py": ASK, "main.py": MAIN, **files}).state


def test_a_function_that_calls_only_itself_is_left_open() -> None:
    assert _verdict() == ("unknown", "nothing here calls `ask`")


@pytest.mark.parametrize(
    "imported", ["from llm import ask, size", "from llm import size", "import llm\nsize = llm.size"]
)
def test_an_import_alone_is_no_use(imported: str) -> None:
    assert _verdict(main=MAIN.replace("from llm import *", imported))[0] == "unknown"


def test_functions_that_only_call_one_another_are_left_open() -> None:
    assert _verdict(ASK + MORE) == ("unknown", "nothing here calls `ask`")


def test_what_stands_inside_of_it_is_left_open() -> None:
    inner = ASK.replace("def size", "def outer(text):\n    return (lambda: ask(text))()\n\n\ndef size")
    assert _verdict(inner)[0] == "unknown"


def test_another_function_of_the_name_is_no_use() -> None:
    other = "def ask(prompt):\n    return prompt\n"
    main = 'from llm import size\nfrom plain import ask\n\nif __name__ == "__main__":\n    print(ask(size("a")))\n'
    assert _of({"plain.py": other, "main.py": main}) == "unknown"


@pytest.mark.parametrize(
    "use",
    [
        'print(ask("Hello"))',
        "handlers = [ask]",
        "register(on_message=ask)",
        'tools = {"ask": size}',
        "run = globals()[name]",
        "run = eval(name)",
        "exec(name)",
        'run("llm.ask")',
        "def later(text):\n    return ask(text)\n\nlater(1)",
        "class Later:\n    def run(self):\n        return ask(1)\n\nLater().run()",
        "@app.command()\ndef later(text):\n    return ask(text)",
        "from llm import ask as answer",
        "import llm\nrun = getattr(llm, name)",
        "import llm\nrun = vars(llm)[name]",
        "import llm\nrun = llm.__dict__[name]",
        "from importlib import import_module\nrun = import_module(name)",
        'from importlib import import_module\nrun = import_module("llm")',
        'from importlib import import_module\nrun = import_module(f"llm{name}")',
        "import sys\nrun = getattr(sys.modules[name], other)",
        "thing.ask(1)",
        '__all__ = ["ask"]',
    ],
)
def test_what_may_lead_to_it_keeps_it(use: str) -> None:
    assert _of({"main.py": MAIN.replace("\nif ", f"\n{use}\n\nif ")}) == "absent"


def test_what_its_own_module_takes_by_text_keeps_it() -> None:
    assert _verdict(f"{ASK}\n\ndef pick(name):\n    return globals()[name]\n")[0] == "absent"


BUILT = (
    '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "a"\nversion = "1"\n'
    '[project.scripts]\nb = "main:size"\n'
)
"""A project that is built into a distribution."""


@pytest.mark.parametrize("listed", ["", "__all__ = ['ask']\n"])
def test_a_package_of_an_application_that_only_takes_it_up_calls_nothing(listed: str) -> None:
    taken = {"app/__init__.py": f"from llm import ask\n{listed}"}
    assert _of(taken) == "unknown"
    assert _of({**taken, "pyproject.toml": "[tool.ruff]\nline-length = 120\n"}) == "unknown"
    assert _of({**taken, "pyproject.toml": BUILT}) == "absent"


@pytest.mark.parametrize(
    "files",
    [
        {"tests/test_llm.py": "from llm import ask\n\n\ndef test_ask():\n    assert ask(1)\n"},
        {"app/__init__.py": "from llm import ask\n", "setup.py": ""},
        {"app/__init__.py": "from llm import ask\n", "pyproject.toml": BUILT},
        {"app/__init__.py": "from llm import ask as answer\n"},
        {"app/__init__.py": "from llm import ask\n", "run.py": "import app\n\nrun = getattr(app, name)\n"},
        {"conf/jobs.yaml": "jobs:\n  - function: llm.ask\n"},
        {"conf/jobs.yaml": "jobs:\n  - function: llm:ask\n"},
        {"conf/jobs.yaml": "jobs:\n  - function: !!python/name:llm.ask\n"},
        {"run.sh": "python -c 'from llm import ask; ask(1)'\n"},
        {"run.sh": "functions-framework --target=ask\n"},
        {"pyproject.toml": '[project]\nname = "a"\nversion = "1"\n[project.scripts]\na = "llm:ask"\n'},
    ],
)
def test_what_names_it_elsewhere_keeps_it(files: dict[str, str]) -> None:
    assert _of(files) == "absent"


def test_a_registered_function_is_kept() -> None:
    assert _verdict(ASK.replace("def ask", "@tool\ndef ask"))[0] == "absent"


def test_an_inner_function_that_is_registered_is_kept() -> None:
    made = """\


def make_app():
    @app.get("/")
    def handler():
        return ask(1)
"""
    assert _verdict(ASK + made)[0] == "absent"


def test_a_name_that_a_server_looks_up_is_kept() -> None:
    served = ASK.replace("ask(prompt, attempt", "lambda_handler(prompt, attempt").replace("return ask", "return size")
    assert _verdict(served)[0] == "absent"


def test_a_method_of_a_class_that_is_made_is_kept() -> None:
    method = """\
from openai import OpenAI


class Client:
    def ask(self, prompt):
        reply = OpenAI().chat.completions.create(model="gpt-5-mini", messages=[{"role": "user", "content": prompt}])
        return reply.choices[0].message.content


def size(text):
    return len(text), Client()
"""
    assert _verdict(method)[0] == "absent"


def test_a_module_that_nothing_in_use_loads_is_kept() -> None:
    assert _of({"main.py": MAIN.replace("from llm import *", "size = len")}) == "absent"


def test_a_repository_without_entries_is_kept() -> None:
    assert _of({"main.py": "from llm import *\n\nprint(size(1))\n"}) == "absent"


def test_a_long_word_in_a_text_costs_no_more_than_its_length() -> None:
    started = time.process_time()
    assert _of({"main.py": f'{MAIN}\n\nICON = "image({"A" * 20_000}"\n'}) == "unknown"
    assert time.process_time() - started < 5


SERVICE = """\
from openai import OpenAI


class Service:
    def __init__(self):
        self.client = OpenAI()

    def ask(self, prompt):
        return self.client.responses.create(model="gpt-5-mini", input=prompt).output_text
"""
APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef root():\n    return {}\n"
DEAD = {"main.py": APP, "svc/__init__.py": "", "svc/claude.py": SERVICE}


def _dead(**files: str) -> str:
    return verdict(
        {**DEAD, **{name.replace("__", "/").replace("_py", ".py"): text for name, text in files.items()}}
    ).state


@pytest.mark.parametrize("imported", ["", "import svc.claude\n", "from svc.claude import Service\n"])
def test_a_method_of_a_class_that_is_named_nowhere_is_left_open(imported: str) -> None:
    assert _dead(main_py=imported + APP) == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "from svc.claude import Service\nservice = Service()\n",
        "from svc import claude\nservice = make(claude.Service)\n",
        "from svc.claude import Service\n\n\nclass Own(Service):\n    pass\n",
        "from svc.claude import Service\n\n\ndef use(service: Service):\n    return service.ask(1)\n",
        "from svc.claude import Service as Model\n",
        'service = load("svc.claude.Service")\n',
        "from svc import claude\nservice = getattr(claude, name)()\n",
        "classes = Base.__subclasses__()\n",
    ],
)
def test_what_may_lead_to_a_class_keeps_its_methods(text: str) -> None:
    assert _dead(main_py=text + APP) == "absent"


@pytest.mark.parametrize(
    ("found", "made"),
    [
        ("class Service", "@register\nclass Service"),
        ("class Service:", "class Service(BaseTool):"),
        ("class Service:", "class Service(metaclass=Registry):"),
    ],
)
def test_a_class_that_others_may_find_is_kept(found: str, made: str) -> None:
    head = "from crewai.tools import BaseTool\nfrom registry import Registry, register\nfrom api import app\n"
    assert _dead(svc__claude_py=head + SERVICE.replace(found, made)) == "absent"


def test_what_only_such_a_class_calls_is_left_open() -> None:
    later = "class Later:\n    def run(self):\n        return ask(1)\n"
    assert _of({"main.py": MAIN.replace("\nif ", f"\n{later}\n\nif ")}) == "unknown"


def test_a_method_without_an_object_may_be_registered() -> None:
    static = ASK.replace("def ask", "class Service:\n    @app.get('/ask')\n    @staticmethod\n    def ask", 1)
    lines = static.split("\n")
    head = next(number for number, line in enumerate(lines) if "def ask" in line) + 1
    body = [f"    {line}" if line else line for line in lines[head : head + 6]]
    text = "\n".join(("from api import app", *lines[:head], *body))
    assert _dead(svc__claude_py=text.replace("return ask(", "return Service.ask(")) == "absent"


@pytest.mark.parametrize("main", [APP, "import claude\n" + APP, APP + "MODEL = 'claude'\n"])
def test_a_function_of_a_module_that_nothing_loads_is_left_open(main: str) -> None:
    assert _dead(svc__claude_py=ASK, main_py=main) == "unknown"


@pytest.mark.parametrize(
    "files",
    [
        {"run.sh": "python svc/claude.py\n"},
        {"conf.yaml": "module: svc.claude\n"},
        {"main.py": APP + "\nimport_module('svc.claude')\n"},
        {"other.py": "from elsewhere.claude import ask\n"},
        {"main.py": "def root():\n    return 1\n"},
    ],
)
def test_a_module_that_is_named_or_stands_in_no_application_is_kept(files: dict[str, str]) -> None:
    assert verdict({**DEAD, "svc/claude.py": ASK, **files}).state == "absent"


def test_a_file_outside_of_packages_is_kept() -> None:
    files = {"main.py": APP, "jobs/claude.py": ASK}
    assert verdict(files).state == "absent"


def test_loading_whatever_is_there_takes_nothing_of_it() -> None:
    loop = (
        "import pkgutil\n\nfor one in pkgutil.walk_packages(path=['.'], prefix='svc.'):\n    {}__import__(one.name)\n"
    )
    assert _dead(main_py=APP + loop.format("")) == "unknown"
    assert _dead(main_py=APP + loop.format("run = ")) == "absent"
