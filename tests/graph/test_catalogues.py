"""Data that is named in a catalogue: Kedro entries and factories, dbt models, query files, and wrapped readers."""

from __future__ import annotations

import pytest

from tests.graph.analysed import analysed, nodes

FIT = "from sklearn.linear_model import Ridge\n"
STEPS = {
    "clean": "def clean(raw):\n    return raw.dropna()\n",
    "fit": "def fit(d):\n    Ridge().fit(d[['a']], d['y'])\n",
    "fetch": "def fetch(path):\n    d = pd.read_csv(path)\n    Ridge().fit(d[['a']], d['y'])\n",
    "fetch_of": "def fetch_of(options):\n    d = pd.read_csv(options['path'])\n    Ridge().fit(d[['a']], d['y'])\n",
    "fetch_all": "def fetch_all(parameters):\n    d = pd.read_csv(parameters['model']['path'])\n"
    "    Ridge().fit(d[['a']], d['y'])\n",
}
TRAIN = "Ridge().fit(d[['a']], d['y'])\n"


def kedro(wiring: str, catalogue: str, **more: str) -> set[str]:
    """What the model of a Kedro project is trained on; `more` are files of `conf`, `__` for a slash."""
    steps = [name for name in STEPS if f"node({name}," in wiring]
    files = {
        "src/shop/__init__.py": "",
        "src/shop/nodes.py": FIT + "import pandas as pd\n" + "".join(STEPS[name] for name in steps),
        "src/shop/pipeline.py": "from kedro.pipeline import node, pipeline\n"
        f"from shop.nodes import {', '.join(steps)}\n"
        f"def create_pipeline():\n    return pipeline([{wiring}])\n",
        "conf/base/catalog.yml": catalogue,
    }
    return trained_on(files | {f"conf/{name.replace('__', '/')}.yml": text for name, text in more.items()})


def trained_on(files: dict[str, str]) -> set[str]:
    """The identities of the datasets that something is trained on; `?` for one that is not known."""
    return {"?" if node.id.key.startswith("?") else node.id.key for node in nodes(analysed(files), "Dataset")}


def entry(path: str, name: str = "orders") -> str:
    return f'"{name}":\n  type: pandas.CSVDataset\n  filepath: "{path}"\n'


@pytest.mark.parametrize(
    ("path", "more", "expected"),
    [
        ("${globals:bucket}/o.csv", {"base__globals": "bucket: s3://shop\n"}, {"s3://shop/o.csv"}),
        ("${globals:a.b}/o.csv", {"base__globals": "a: {b: data/raw}\n"}, {"data/raw/o.csv"}),
        ("${bucket}/o.csv", {"base__globals": "bucket: s3://shop\n"}, {"s3://shop/o.csv"}),
        ("${globals:bucket, s3://other}/o.csv", {}, {"s3://other/o.csv"}),
        ("s3://${globals:bucket}/o.csv", {}, {"s3://{bucket}/o.csv"}),
        ("s3://shop/${runtime_params:day}/o.csv", {}, {"s3://shop/{option:day}/o.csv"}),
        ("s3://shop/${runtime_params:day, '1'}/o.csv", {}, {"s3://shop/1/o.csv"}),
        ("${oc.env:BUCKET, s3://other}/o.csv", {}, {"s3://other/o.csv"}),
        (
            "${globals:bucket}/o.csv",
            {"base__globals": "bucket: s3://shop\n", "prod__globals": "bucket: s3://live\n"},
            {"s3://shop/o.csv", "s3://live/o.csv"},
        ),
    ],
)
def test_references_of_an_entry_are_filled(path: str, more: dict[str, str], expected: set[str]) -> None:
    assert kedro("node(fit, 'orders', 'm')", entry(path), **more) == expected


def test_a_template_of_the_catalogue_is_filled_and_one_that_refers_to_itself_ends() -> None:
    assert kedro("node(fit, 'orders', 'm')", "_base: s3://shop\n" + entry("${_base}/o.csv")) == {"s3://shop/o.csv"}
    assert kedro("node(fit, 'orders', 'm')", "_a: ${_b}\n_b: ${_a}\n" + entry("s3://shop/${_a}")) == {"s3://shop/{_a}"}


@pytest.mark.parametrize(
    ("catalogue", "expected"),
    [
        (entry("s3://shop/{name}.csv", "{name}_data"), {"s3://shop/fr_orders.csv"}),
        (entry("s3://shop/{a}/{b}.csv", "{a}_{b}_data"), {"s3://shop/fr/orders.csv"}),
        (entry("s3://a.csv", "{x}_data") + entry("s3://b.csv", "{x}_orders_data"), {"s3://b.csv"}),
        (entry("s3://a.csv", "{x}_data") + entry("s3://exact.csv", "fr_orders_data"), {"s3://exact.csv"}),
        (entry("s3://a.csv", "{x}_table"), {"?"}),
        ('"{default}":\n  type: MemoryDataset\n', {"?"}),
    ],
)
def test_a_factory_makes_the_entry_of_a_name_that_fits_it(catalogue: str, expected: set[str]) -> None:
    assert kedro("node(fit, 'fr_orders_data', 'm')", catalogue) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{type: pandas.SQLQueryDataset, sql: SELECT a FROM sales.orders}", {"table:sales.orders"}),
        ("{type: pandas.GBQTableDataset, dataset: sales, table_name: orders}", {"table:sales.orders"}),
        ("{type: spark.SparkHiveDataset, database: sales, table: orders}", {"table:sales.orders"}),
        ("{type: partitions.PartitionedDataset, path: 's3://shop/o', dataset: pandas.CSVDataset}", {"s3://shop/o"}),
        ("{type: MemoryDataset}", {"?"}),
        ("{type: shop.datasets.Own}", {"?"}),
    ],
)
def test_an_entry_is_what_its_kind_says(body: str, expected: set[str]) -> None:
    assert kedro("node(fit, 'orders', 'm')", f"orders: {body}\n") == expected


def test_an_environment_may_replace_an_entry_and_one_for_tests_says_nothing() -> None:
    more = {"prod__catalog": entry("s3://live/o.csv"), "test__catalog": entry("s3://test/o.csv")}
    assert kedro("node(fit, 'orders', 'm')", entry("s3://shop/o.csv"), **more) == {"s3://shop/o.csv", "s3://live/o.csv"}


def test_a_versioned_entry_outside_of_the_repository_is_bound_to_the_run() -> None:
    files = {
        "app.py": FIT + f"from kedro.io import DataCatalog\nd = DataCatalog.from_config(c).load('orders')\n{TRAIN}",
        "conf/base/catalog.yml": entry("s3://shop/o.csv") + "  versioned: true\n",
    }
    (node,) = nodes(analysed(files), "Dataset")
    assert (node.id.key, node.properties["pin"]) == ("s3://shop/o.csv", "run-bound")


def test_a_step_reads_under_another_name_what_one_before_it_wrote() -> None:
    wiring = "node(clean, 'orders', 'table@spark'), node(fit, 'table@pandas', 'm')"
    assert kedro(wiring, entry("s3://shop/o.csv") + entry("data/t", "table@pandas")) == {"s3://shop/o.csv"}


@pytest.mark.parametrize(
    "wiring",
    [
        "node(fetch, 'params:model.path', None)",
        "node(fetch, {'path': 'params:model.path'}, None)",
        "node(fetch_of, ['params:model'], None)",
        "node(fetch_all, 'parameters', None)",
    ],
)
def test_parameters_of_the_configuration_reach_the_function_of_a_step(wiring: str) -> None:
    parameters = "model:\n  path: s3://shop/p.csv\n"
    assert kedro(wiring, entry("x.csv"), base__parameters=parameters) == {"s3://shop/p.csv"}
    assert kedro(wiring, entry("x.csv"), base__parameters_model=parameters) == {"s3://shop/p.csv"}
    both = kedro(wiring, entry("x.csv"), base__parameters=parameters, prod__parameters=parameters.replace("shop", "b"))
    assert both == {"s3://shop/p.csv", "s3://b/p.csv"}
    assert kedro(wiring, entry("x.csv")) == {"?"}


def test_a_catalogue_is_loaded_by_a_session_and_a_dataset_by_itself() -> None:
    session = "from kedro.framework.session import KedroSession\nwith KedroSession.create() as session:\n"
    session += f"    d = session.load_context().catalog.load('orders')\n    {TRAIN}"
    files = {"src/run.py": FIT + session, "conf/base/catalog.yml": entry("s3://shop/o.csv")}
    assert trained_on(files) == {"s3://shop/o.csv"}
    alone = "from kedro_datasets.pandas import CSVDataset\nd = CSVDataset(filepath='s3://shop/o.csv').load()\n"
    assert trained_on({"src/run.py": FIT + alone + TRAIN}) == {"s3://shop/o.csv"}


def test_an_entry_is_taken_out_of_a_catalogue_by_its_key() -> None:
    catalogue = {"conf/base/catalog.yml": entry("s3://shop/o.csv")}
    code = "from kedro.io import DataCatalog\ncatalog = DataCatalog.from_config(settings)\n"
    for read in ("catalog['orders'].load()", "catalog[name].load()"):
        expected = {"s3://shop/o.csv"} if "orders" in read else {"?"}
        assert trained_on({"app.py": FIT + code + f"d = {read}\n" + TRAIN} | catalogue) == expected


# -- Intake

INTAKE = "sources:\n  orders:\n    driver: csv\n    args: {urlpath: PLACE}\n"


@pytest.mark.parametrize(
    "read", ["cat.orders.read()", "cat['orders'].read()", "cat.orders(region='x').read()", "cat[name].to_dask()"]
)
def test_a_source_of_an_intake_catalogue_is_what_its_file_says(read: str) -> None:
    code = FIT + f"import intake\nname = 'orders'\ncat = intake.open_catalog('cat/c.yml')\nd = {read}\n" + TRAIN
    far = {"app.py": code, "cat/c.yml": INTAKE.replace("PLACE", "s3://shop/o.csv")}
    assert trained_on(far) == {"s3://shop/o.csv"}
    assert trained_on(far | {"cat/c.yml": INTAKE.replace("PLACE", "'{{ CATALOG_DIR }}/o.csv'")}) == {"cat/o.csv"}
    open_part = INTAKE.replace("PLACE", "'s3://shop/{{ region }}/o.csv'")
    assert trained_on(far | {"cat/c.yml": open_part}) == {"s3://shop/{region}/o.csv"}


def test_a_source_that_an_intake_catalogue_does_not_have_is_not_told() -> None:
    code = FIT + "import intake\ncat = intake.open_catalog('c.yml')\nsource = cat['other']\nd = source.read()\n" + TRAIN
    assert trained_on({"app.py": code, "c.yml": INTAKE.replace("PLACE", "o.csv")}) == {"?"}
    assert trained_on({"app.py": code}) == {"?"}


# -- dbt

SOURCES = "version: 2\nsources:\n- {name: raw, database: wh, schema: v2, tables: [{name: orders}]}\n"


def dbt(read: str) -> dict[str, str]:
    model = FIT + f"def model(dbt, session):\n    d = {read}\n    {TRAIN}    return d\n"
    return {"dbt_project.yml": "name: shop\n", "models/train.py": model, "models/sources.yml": SOURCES}


@pytest.mark.parametrize("suffix", ["", ".to_pandas()", ".df()", ".toPandas()"])
def test_a_python_model_reads_the_table_that_its_source_declares(suffix: str) -> None:
    assert trained_on(dbt(f"dbt.source('raw', 'orders'){suffix}")) == {"table:wh.v2.orders"}


def test_a_model_is_followed_through_the_sql_that_builds_it_to_the_sources() -> None:
    files = dbt("dbt.ref('clean')") | {
        "models/clean.sql": "select * from {{ ref('staged') }} where a > 1\n",
        "models/staged.sql": "with o as (select * from {{ source('raw', 'orders') }}) select * from o\n",
    }
    found = {node.id.key: node for node in nodes(analysed(files), "Dataset")}
    assert set(found) == {"table:clean", "table:staged", "table:wh.v2.orders"}
    assert [node.properties["pin"] for node in found.values()] == ["generated", "generated", "mutable-implicit"]
    assert found["table:wh.v2.orders"].sites[0].path == "models/staged.sql"


def test_models_that_are_built_from_one_another_end() -> None:
    circle = {"models/a.sql": "select * from {{ ref('b') }}\n", "models/b.sql": "select * from {{ ref('a') }}\n"}
    assert trained_on(dbt("dbt.ref('a')") | circle) == {"table:a", "table:b"}


def test_a_source_or_model_that_the_project_does_not_have_is_not_told() -> None:
    assert trained_on(dbt("dbt.source('raw', 'customers')")) == {"?"}
    assert trained_on(dbt("dbt.ref('clean')")) == {"?"}
    outside = {path: text for path, text in dbt("dbt.source('raw', 'orders')").items() if path != "dbt_project.yml"}
    assert trained_on(outside) == {"?"}


def test_a_function_that_is_no_model_is_given_nothing() -> None:
    files = dbt("dbt.source('raw', 'orders')")
    assert trained_on(files | {"models/train.py": files["models/train.py"].replace("model(", "other(")}) == set()


# -- queries


def test_a_query_in_a_file_is_what_it_reads_and_not_the_file() -> None:
    read = "import pandas as pd\nfrom pathlib import Path\nd = pd.read_sql({}, connection)\n"
    query = {"q.sql": "SELECT a FROM shop.orders JOIN shop.items USING (i)\n"}
    for text in ("Path('q.sql').read_text()", "open('q.sql').read()"):
        files = {"app.py": FIT + read.format(text) + TRAIN}
        assert trained_on(files | query) == {"table:shop.items, shop.orders"}
        assert trained_on(files | {"q.sql": "SELECT a FROM {table}\n"}) == {"?"}
        assert trained_on(files) == {"?"}


def test_a_query_that_stands_for_a_table_is_what_it_reads() -> None:
    read = "from feast import BigQuerySource\nd = BigQuerySource(query='SELECT a FROM shop.usage').to_df()\n"
    assert trained_on({"app.py": FIT + read + TRAIN}) == {"table:shop.usage"}


# -- wrapped readers and writers


@pytest.mark.parametrize(
    "wrapper",
    [
        "def get(**kw):\n    return pd.read_csv(**kw)\nd = get(filepath_or_buffer='s3://shop/o.csv')\n",
        "def get(*rest, **kw):\n    return pd.read_csv(*rest, **kw)\nd = get('s3://shop/o.csv', sep=';')\n",
        "def get(a):\n    return pd.read_csv(**a)\nd = get({'filepath_or_buffer': 's3://shop/o.csv'})\n",
        "def low(**kw):\n    return pd.read_csv(**kw)\ndef get(p):\n    return low(filepath_or_buffer=p)\n"
        "d = get('s3://shop/o.csv')\n",
    ],
)
def test_a_location_is_found_among_arguments_that_are_handed_on_whole(wrapper: str) -> None:
    assert trained_on({"app.py": FIT + "import pandas as pd\n" + wrapper + TRAIN}) == {"s3://shop/o.csv"}


def test_a_list_with_open_ends_gives_no_location() -> None:
    code = "import pandas as pd\ndef get(rest):\n    return pd.read_csv(*rest)\nd = get([*more, 's3://shop/o.csv'])\n"
    assert trained_on({"app.py": FIT + code + TRAIN}) == {"?"}
