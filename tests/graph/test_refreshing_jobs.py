"""Which jobs refresh a stored table: make targets, containers, asset jobs and functions of a cloud on a schedule."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

API = (
    "import joblib\nimport pandas as pd\nfrom fastapi import FastAPI\napp = FastAPI()\n"
    "MODEL = joblib.load('m.joblib')\nT = pd.read_parquet('s3://shop/f.parquet').set_index('k')\n"
    "@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict(T.loc[[k]])\n"
)
BUILD = "import pandas as pd\npd.read_sql('SELECT * FROM x', 'postgresql://w/s').to_parquet('s3://shop/f.parquet')\n"
DAY = 86400
WORKFLOW = (
    "on: {{schedule: [{{cron: '0 5 * * *'}}]}}\njobs:\n  b:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {}\n"
)


def refreshed(files: dict[str, str]) -> object:
    """The seconds between two refreshes of the only prediction's inputs; None where they are unknown."""
    (node,) = nodes(analysed({"api.py": API, **files}), "Prediction")
    found = node.properties["refresh_seconds"]
    return None if isinstance(found, Unknown) else found


@pytest.mark.parametrize(
    ("makefile", "run", "seconds"),
    [
        ("features:\n\tpython build.py\n", "make features", DAY),
        ("PY = python\nfeatures:\n\t$(PY) build.py\n", "make -s features PY=python3", DAY),
        ("all: table\n\ntable: | out\n\tpython build.py\n\nout:\n\tmkdir out\n", "make", DAY),
        ("features:\n\tpython build.py\ntest:\n\tpytest\n", "make test", None),
        ("features:\n\tpython build.py\n", "make -C other features", None),
        ("features:\n\tpython build.py\n", "cmake features", None),
    ],
)
def test_a_scheduled_make_runs_the_recipes_of_its_targets(makefile: str, run: str, seconds: int | None) -> None:
    files = {"build.py": BUILD, "Makefile": makefile, ".github/workflows/f.yml": WORKFLOW.format(run)}
    assert refreshed(files) == seconds


SQL_API = (
    "import joblib\nimport pandas as pd\nfrom fastapi import FastAPI\n"
    "app = FastAPI()\nMODEL = joblib.load('m.joblib')\n"
    "@app.get('/x/{k}')\ndef x(k: str):\n    T = READ\n    return MODEL.predict(T[T.k == k])\n"
)
QUERY = "pd.read_sql('SELECT * FROM features.f', 'postgresql://w/s')"


@pytest.mark.parametrize(
    ("read", "write", "seconds"),
    [
        (QUERY, "to_sql('f', 'postgresql://w/s', schema='features')", DAY),
        (QUERY, "to_sql('f', 'postgresql://w/s', 'features')", DAY),
        (QUERY, "to_sql('features.f', 'postgresql://w/s', schema=None)", DAY),
        ("pd.read_sql_table('f', 'postgresql://w/s', schema='features')", "to_sql('f', E, schema='features')", DAY),
        (QUERY, "to_sql('f', 'postgresql://w/s', schema='other')", None),
        (QUERY, "to_sql('f', 'postgresql://w/s')", None),
    ],
)
def test_a_table_is_named_in_the_schema_that_stands_beside_it(read: str, write: str, seconds: int | None) -> None:
    build = f"import pandas as pd\nE = 'postgresql://w/s'\npd.read_sql('SELECT * FROM x', E).{write}\n"
    files = {"api.py": SQL_API.replace("READ", read), "build.py": build}
    assert refreshed({**files, ".github/workflows/f.yml": WORKFLOW.format("python build.py")}) == seconds


CRON = (
    "apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: b}}\nspec:\n  schedule: '0 3 * * *'\n  jobTemplate:\n"
    "    spec:\n      template:\n        spec:\n          containers:\n            - {{name: b, image: b, {}}}\n"
)


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("args: [python, -m, jobs.build, --days, '3']", DAY),
        ("args: [/usr/local/bin/python3.11, jobs/build.py]", DAY),
        ("args: [--days, '3']", None),
        ("args: [build, jobs/build.py]", None),
        ("command: [python, -m, jobs.build]", DAY),
    ],
)
def test_the_arguments_of_a_container_that_begin_with_a_program_are_its_command(
    words: str, seconds: int | None
) -> None:
    assert refreshed({"jobs/build.py": BUILD, "deploy/cron.yaml": CRON.format(words)}) == seconds


ASSETS = (
    "import pandas as pd\n"
    "from dagster import AssetSelection, Definitions, ScheduleDefinition, asset, define_asset_job\n"
    "@asset\ndef orders(): return pd.read_gbq('SELECT * FROM o')\n"
    "@asset(group_name='daily')\ndef features(orders: pd.DataFrame): orders.to_parquet('s3://shop/f.parquet')\n"
    "job = define_asset_job('nightly'{})\n"
    "nightly = ScheduleDefinition(job=job, cron_schedule='0 1 * * *')\n"
    "defs = Definitions(assets=[orders, features], schedules=[nightly])\n"
)


@pytest.mark.parametrize(
    ("selection", "seconds"),
    [
        ("", DAY),
        (", selection=[features]", DAY),
        (", [orders, features]", DAY),
        (", selection='*'", DAY),
        (", selection=['features']", DAY),
        (", selection='group:daily'", DAY),
        (", selection=AssetSelection.all()", DAY),
        (", selection=AssetSelection.groups('daily')", DAY),
        (", selection=AssetSelection.assets('orders', features)", DAY),
        (", selection=[orders]", None),
        (", selection=AssetSelection.groups('weekly')", None),
        (", selection=chosen()", None),
    ],
)
def test_a_scheduled_job_refreshes_the_assets_of_its_selection(selection: str, seconds: int | None) -> None:
    assert refreshed({"defs.py": ASSETS.format(selection)}) == seconds


SENSOR = (
    "from dagster import RunRequest, asset_sensor, sensor\n"
    "weekly = define_asset_job(name='other', selection=[orders])\n"
    "@sensor({})\ndef fresh(context): yield RunRequest()\n"
)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("job=job", None),
        ("jobs=[job]", None),
        ("job_name='nightly', minimum_interval_seconds=60", None),
        ("target=AssetSelection.all()", None),
        ("job=weekly", DAY),
        ("job_name='other'", DAY),
    ],
)
def test_a_sensor_that_runs_a_scheduled_job_too_leaves_its_refreshes_open(given: str, seconds: int | None) -> None:
    assert refreshed({"defs.py": ASSETS.format("") + SENSOR.format(given)}) == seconds


@pytest.mark.parametrize(
    "made",
    ["pd.crosstab(e.k, e.b)", "pd.pivot(e, index='k', columns='b')", "pd.get_dummies(e)", "pd.json_normalize(rows)",
     "pd.melt(e)", "pd.merge_ordered(e, e)", "pd.wide_to_long(e, 'a', 'k', 'b')"],
)  # fmt: skip
def test_what_pandas_makes_of_tables_is_a_table_that_is_written(made: str) -> None:
    build = f"import pandas as pd\ne = pd.read_sql('SELECT * FROM x', E)\n{made}.to_parquet('s3://shop/f.parquet')\n"
    assert refreshed({"build.py": build, ".github/workflows/f.yml": WORKFLOW.format("python build.py")}) == DAY


HOPSWORKS_API = (
    "import hopsworks\nimport joblib\nfrom fastapi import FastAPI\napp = FastAPI()\n"
    "VIEW = hopsworks.login().get_feature_store().get_feature_view('v', version=1)\nMODEL = joblib.load('m.joblib')\n"
    "@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict([VIEW.get_feature_vector({'k': k})])\n"
)
GROUPS = (
    "import hopsworks\nimport pandas as pd\nfs = hopsworks.login().get_feature_store()\n"
    "one = fs.get_or_create_feature_group(name='one', version=1, primary_key=['k'])\n"
    "two = fs.get_feature_group('two', version=1)\n"
    "one.insert(pd.read_csv('s3://shop/u.csv'))\n"
    "fs.get_or_create_feature_view(name='v', version=1, query={})\n"
)


@pytest.mark.parametrize(
    ("query", "seconds"), [("one.select_all()", DAY), ("one.select_all().join(two.select_all())", None)]
)
def test_a_view_of_hopsworks_is_as_fresh_as_what_is_put_into_its_groups(query: str, seconds: int | None) -> None:
    files = {"api.py": HOPSWORKS_API, "fp.py": GROUPS.format(query)}
    assert refreshed({**files, ".github/workflows/f.yml": WORKFLOW.format("python fp.py")}) == seconds


FLOW = (
    "import pandas as pd\nfrom prefect import flow\n@flow\ndef features():\n"
    "    pd.read_gbq('SELECT * FROM o').to_parquet('s3://shop/f.parquet')\n"
    "if __name__ == '__main__':\n    {}\n"
)


@pytest.mark.parametrize(
    ("run", "seconds"),
    [("features.serve('nightly', cron='0 2 * * *')", DAY), ("features()", None), ("features.serve('by-hand')", None)],
)
def test_a_service_that_hands_a_flow_over_with_a_schedule_runs_it_on_the_schedule(
    run: str, seconds: int | None
) -> None:
    compose = "services:\n  flows:\n    build: .\n    command: python flows.py\n"
    assert refreshed({"flows.py": FLOW.format(run), "docker-compose.yml": compose}) == seconds


LAMBDA = (
    "import joblib\nimport pandas as pd\nMODEL = joblib.load('m.joblib')\n"
    "T = pd.read_parquet('s3://shop/f.parquet').set_index('k')\n"
    "def predict(event, context):\n    return MODEL.predict(T.loc[[event['pathParameters']['k']]])\n"
)
REFRESH = (
    "import pandas as pd\ndef handler(event, context):\n"
    "    pd.read_gbq('SELECT * FROM o').to_parquet('s3://shop/f.parquet')\n"
)
SERVERLESS = (
    "service: d\nfunctions:\n  predict:\n    handler: src/app.predict\n    events:\n"
    "      - httpApi: {{path: '/d/{{k}}', method: get}}\n"
    "  refresh:\n    handler: src/refresh.handler\n    events:\n      - {}\n"
)
SAM = (
    "Transform: AWS::Serverless-2016-10-31\nGlobals: {{Function: {{CodeUri: src/}}}}\nResources:\n"
    "  Predict:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.predict\n"
    "      Events: {{Api: {{Type: HttpApi, Properties: {{Path: '/d/{{k}}', Method: GET}}}}}}\n"
    "  Refresh:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: refresh.handler\n"
    "      Events: {{Run: {}}}\n"
)


@pytest.mark.parametrize(
    ("name", "text", "seconds"),
    [
        ("serverless.yml", SERVERLESS.format("schedule: cron(0 3 * * ? *)"), DAY),
        ("serverless.yml", SERVERLESS.format("schedule: {rate: rate(1 day), enabled: true}"), DAY),
        ("serverless.yml", SERVERLESS.format("schedule: {rate: rate(1 day), enabled: false}"), None),
        ("serverless.yml", SERVERLESS.format("sqs: arn"), None),
        ("template.yaml", SAM.format("{Type: Schedule, Properties: {Schedule: 'rate(1 day)'}}"), DAY),
        ("template.yaml", SAM.format("{Type: ScheduleV2, Properties: {ScheduleExpression: 'rate(1 day)'}}"), DAY),
        ("template.yaml", SAM.format("{Type: SQS, Properties: {Queue: q}}"), None),
    ],
)
def test_functions_of_a_cloud_run_on_the_routes_and_schedules_of_their_file(
    name: str, text: str, seconds: int | None
) -> None:
    files = {"src/app.py": LAMBDA, "src/refresh.py": REFRESH, name: text}
    analysis = analysed(files)
    (endpoint,) = nodes(analysis, "Endpoint")
    assert endpoint.label == "GET /d/{k}"
    assert refreshed({"api.py": "", **files}) == seconds
