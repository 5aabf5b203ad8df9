"""What summaries say of functions: results, what parameters reach, effects, and who decides."""

from __future__ import annotations

from tests.resolve.summarised import summarised

CLIENT = """\
from openai import OpenAI
client = OpenAI()
def ask(prompt, model="gpt-4o"):
    reply = client.chat.completions.create(model=model, messages=[{"role": "user", "content": prompt}])
    return reply.choices[0].message.content
"""


def test_a_function_around_a_model_call_gives_back_its_text_and_hands_on_prompt_and_model() -> None:
    found = summarised(CLIENT)
    assert found.returned("ask") == ["text 4"]
    assert found.passed("ask") == []
    assert found.reached("ask") == ["model model-id 4", "prompt prompt 4"]
    assert found.effects("ask") == ["model-call 4"]


def test_a_wrapper_in_another_file_does_what_it_calls() -> None:
    found = summarised(
        {"llm.py": CLIENT, "app.py": "from llm import ask\ndef plan(task):\n    return ask(f'Plan {task}')\n"}
    )
    assert found.returned("plan") == ["text 4<-3"]
    assert found.reached("plan") == ["task prompt 4<-3"]
    assert found.effects("plan") == ["model-call 4<-3"]


def test_what_is_more_than_four_calls_away_is_not_told() -> None:
    steps = "".join(f"def step{n}(text):\n    return step{n - 1}(text)\n" for n in range(1, 7))
    found = summarised(CLIENT + "def step0(text):\n    return ask(text)\n" + steps)
    assert found.effects("step3") == ["model-call 4<-7<-9<-11<-13"]
    assert found.effects("step4") == []


def test_text_that_is_parsed_is_structured() -> None:
    found = summarised(CLIENT + "import json\ndef facts(text):\n    return json.loads(ask(text))['facts']\n")
    assert found.returned("facts") == ["structured 4<-8"]


def test_a_schema_makes_the_answer_structured_and_a_flag_makes_it_a_stream() -> None:
    found = summarised(
        "import litellm\n"
        "def one(m):\n    return litellm.completion('gpt-4o', m, response_format={'type': 'json_object'})\n"
        "def two(m):\n    return litellm.completion('gpt-4o', m, stream=True)\n"
        "def three(m, s):\n    return litellm.completion('gpt-4o', m, stream=s)\n"
    )
    assert found.returned("one") == ["structured 3"]
    assert found.returned("two") == ["stream 5"]
    assert found.returned("three") == ["text 7"]


def test_predictions_models_data_and_clients_are_told_apart() -> None:
    found = summarised(
        "import joblib\nimport pandas as pd\nfrom openai import OpenAI\nfrom transformers import AutoTokenizer\n"
        "def load(path):\n    return joblib.load(path)\n"
        "def score(path, rows):\n    return load(path).predict(rows)\n"
        "def rows(name):\n    return pd.read_csv(f'data/{name}.csv')\n"
        "def make():\n    return OpenAI()\n"
        "def words():\n    return AutoTokenizer.from_pretrained('bert-base-uncased')\n"
    )
    assert found.returned("load") == ["model 6"]
    assert found.reached("load") == ["path artefact-location 6"]
    assert found.returned("score") == ["score 8"]
    assert found.reached("score") == ["path artefact-location 6<-8", "rows prediction-input 8"]
    assert found.effects("score") == ["load 6<-8", "prediction 8"]
    assert found.reached("rows") == ["name read-location 10"]
    assert found.returned("make") == ["client 12"]
    assert found.returned("words") == ["tokenizer 14"]


def test_the_mode_of_open_tells_reading_from_writing() -> None:
    found = summarised(
        "def load(path):\n    with open(path) as f:\n        return f.read()\n"
        "def save(path, text):\n    with open(path, 'w') as f:\n        f.write(text)\n"
        "def either(path, mode):\n    return open(path, mode)\n"
    )
    assert found.reached("load") == ["path read-location 2"]
    assert "path write-location 5" in found.reached("save")
    assert found.reached("either") == []


def test_a_handle_is_named_by_what_it_was_made_with() -> None:
    found = summarised(
        "from google.cloud import storage\n"
        "def save(bucket_name, name, frame):\n"
        "    bucket = storage.Client().bucket(bucket_name)\n"
        "    blob = bucket.blob(name)\n"
        "    with blob.open('wb') as f:\n"
        "        frame.to_parquet(f)\n"
    )
    assert "name write-location 5" in found.reached("save")
    assert "bucket_name write-location 5" in found.reached("save")


def test_an_attribute_that_a_constructor_keeps_leads_back_to_its_argument() -> None:
    found = summarised(
        "import pandas as pd\n"
        "class Store:\n"
        "    def __init__(self, path):\n        self.path = path\n"
        "    def load(self):\n        return pd.read_parquet(self.path)\n"
        "    def both(self):\n        return self.load()\n"
        "def read(where):\n    store = Store(where)\n    return store.both()\n"
    )
    assert found.reached("Store.__init__") == ["path attribute path 4"]
    assert found.reached("Store.load") == ["self.path read-location 6"]
    assert found.reached("Store.both") == ["self.path read-location 6<-8"]
    assert found.reached("read") == ["where read-location 6<-8<-11"]


def test_a_property_is_run_where_it_is_read() -> None:
    found = summarised(
        "import joblib\n"
        "class Scorer:\n"
        "    @property\n    def model(self):\n        return joblib.load('m.pkl')\n"
        "    def score(self, x):\n        return self.model.predict(x)\n"
    )
    assert "load 5<-7" in found.effects("Scorer.score")


def test_keyword_mappings_are_followed_by_key() -> None:
    found = summarised(
        "import litellm\n"
        "def send(**kwargs):\n    return litellm.completion(**kwargs)\n"
        "def ask(text, name, heat):\n"
        "    kwargs = dict(model=name, temperature=heat)\n"
        "    kwargs['messages'] = [text]\n"
        "    return send(**kwargs)\n"
    )
    assert "name model-id 3<-7" in found.reached("ask")
    assert "text prompt 3<-7" in found.reached("ask")
    assert not [one for one in found.reached("ask") if one.startswith("heat")]


def test_a_factory_gives_the_function_and_does_not_do_what_it_does() -> None:
    found = summarised(
        CLIENT + "def factory(model):\n    def handler(text):\n        return ask(text, model)\n    return handler\n"
    )
    summary = found.of("factory")
    assert list(summary.gives) == [found.program.function("app.py", "factory.handler")]
    assert found.effects("factory") == []
    assert found.reached("factory.handler") == ["model model-id 4<-8", "text prompt 4<-8"]


def test_a_function_that_is_given_attributes_is_still_given_back() -> None:
    found = summarised(
        CLIENT
        + "def make(key):\n    def handler(t):\n        return ask(t)\n    handler.key = key\n    return handler\n"
    )
    assert list(found.of("make").gives) == [found.program.function("app.py", "make.handler")]


def test_a_factory_of_a_factory_gives_the_same_function() -> None:
    found = summarised(
        CLIENT + "def inner():\n    def handler(text):\n        return ask(text)\n    return handler\n"
        "def outer():\n    made = inner()\n    return made\n"
        "def other():\n    return outer()\n"
    )
    assert list(found.of("other").gives) == [found.program.function("app.py", "inner.handler")]


def test_a_caller_of_what_a_factory_gives_does_it() -> None:
    found = summarised(
        CLIENT + "def factory(model):\n    def handler(text):\n        return ask(text, model)\n    return handler\n"
        "def run(text):\n    handler = factory('o3')\n    return handler(text)\n"
    )
    assert found.effects("run") == ["model-call 4<-8<-12"]
    assert "text prompt 4<-8<-12" in found.reached("run")


def test_a_decorated_function_does_what_its_wrapper_does() -> None:
    found = summarised(
        "import pandas as pd\nimport functools\n"
        "def logged(f):\n    @functools.wraps(f)\n    def wrapper(*args):\n"
        "        pd.DataFrame(args).to_csv('log.csv')\n        return f(*args)\n    return wrapper\n"
        "@logged\ndef work(x):\n    return x\n"
    )
    assert found.effects("work") == ["write 6<-10"]
    assert found.effects("logged") == []


def test_a_caller_of_a_decorated_function_does_what_both_do() -> None:
    found = summarised(
        CLIENT + "import pandas as pd\n"
        "def logged(f):\n    def wrapper(text):\n        pd.DataFrame([text]).to_csv('log.csv')\n"
        "        return f(text)\n    return wrapper\n"
        "@logged\ndef work(text):\n    return ask(text)\n"
        "def main(text):\n    return work(text)\n"
    )
    assert [one.split("<-")[0] for one in found.effects("main")] == ["model-call 4", "write 9"]
    assert [one.split("<-")[0] for one in found.returned("main")] == ["text 4"]
    assert any(one.startswith("text prompt 4<-") for one in found.reached("main"))


def test_a_factory_of_a_function_that_a_library_decorates_gives_it() -> None:
    found = summarised(
        CLIENT + "from tracing import traced\n"
        "def factory():\n    @traced(name='x')\n    def handler(text):\n        return ask(text)\n    return handler\n"
    )
    assert list(found.of("factory").gives) == [found.program.function("app.py", "factory.handler")]


def test_a_function_that_calls_its_parameter_does_what_it_is_handed_and_nothing_else() -> None:
    found = summarised(
        CLIENT + "def retry(f, text):\n    return f(text)\n"
        "def one(text):\n    return retry(ask, text)\n"
        "def two(text):\n    return retry(str.upper, text)\n"
    )
    assert found.effects("retry") == []
    assert "f called 7" in found.reached("retry")
    assert found.effects("one") == ["model-call 4<-9"]
    assert found.returned("one") == ["text 4<-9"]
    assert found.effects("two") == []


def test_a_function_handed_to_a_library_that_calls_it_runs() -> None:
    found = summarised(CLIENT + "import asyncio\nasync def go(text):\n    return await asyncio.to_thread(ask, text)\n")
    assert found.effects("go") == ["model-call 4<-8"]
    assert "text prompt 4<-8" in found.reached("go")
    assert found.returned("go") == ["text 4<-8"]


def test_a_function_kept_in_a_registry_does_not_run_there() -> None:
    found = summarised(CLIENT + "TOOLS = []\ndef register():\n    TOOLS.append(ask)\n")
    assert found.effects("register") == []


def test_a_threshold_is_a_gate_and_presence_is_none() -> None:
    found = summarised(
        "def decide(score, text, limit):\n"
        "    if text is not None and score > limit:\n        return 'yes'\n    return 'no'\n"
    )
    assert found.reached("decide") == ["limit gate > 2", "score gate > 2"]


def test_actions_are_told_with_what_decides_them() -> None:
    found = summarised(
        "import subprocess\ndef run(command, quiet):\n    subprocess.run(command, shell=True, text=quiet)\n"
    )
    assert found.reached("run") == ["command action 3"]
    assert found.effects("run") == ["action 3"]


def test_unknown_functions_are_gaps_and_never_guesses() -> None:
    found = summarised("from . import missing\ndef go(text):\n    return missing.ask(text)\n")
    assert found.passed("go") == []
    assert [one.site.span.line for one in found.of("go").gaps] == [3]


def test_the_length_of_a_value_is_not_the_value() -> None:
    found = summarised(CLIENT + "def size(text):\n    return len(ask(text))\n")
    assert found.returned("size") == []


def test_objects_that_make_themselves_up_do_not_give_back_what_they_were_given() -> None:
    found = summarised(
        CLIENT + "from dataclasses import dataclass\n"
        "@dataclass\nclass Answer:\n    text: str\n"
        "class Agent:\n    def __init__(self, text):\n        self.size = len(text)\n"
        "def answer(q):\n    return Answer(ask(q))\n"
        "def agent(q):\n    return Agent(ask(q))\n"
    )
    assert found.returned("answer") == ["text 4<-14"]
    assert found.returned("agent") == []


def test_the_calls_that_decide_a_location_are_found_through_wrappers() -> None:
    found = summarised(
        "import pandas as pd\n"
        "def read(path):\n    return pd.read_csv(path)\n"
        "def table(name):\n    return read(f'data/{name}.csv')\n"
        "def one():\n    return table('churn')\n"
        "def two():\n    return read('sales.csv')\n"
    )
    assert found.deciding(3, "read-location") == [[7, 5], [9]]


def test_the_calls_of_an_outer_function_decide_what_an_inner_one_asks() -> None:
    found = summarised(
        "import litellm\n"
        "def generate(model, text):\n"
        "    def attempt():\n        return litellm.completion(model=model, messages=[text])\n"
        "    return attempt()\n"
        "def main():\n    return generate('gpt-4o', 'hi')\n"
    )
    assert found.deciding(4, "model-id") == [[7]]


def test_a_call_that_names_its_own_model_is_decided_by_nobody_else() -> None:
    found = summarised("import litellm\ndef ask(text):\n    return litellm.completion('gpt-4o', [text])\nask('a')\n")
    assert found.deciding(3, "model-id") == []
