"""DVC, Kedro, dbt, Feast, Ploomber and Backstage."""

from __future__ import annotations

from mltradeoff_lint.model.declarations import Command, DatasetDeclaration, GivenNames, OwnerDeclaration, Step

from .conftest import Declared


def _datasets(found):
    return [(item.path, item.is_path, item.pin, item.mode) for item in found if isinstance(item, DatasetDeclaration)]


def test_a_dvc_file_pins_its_out_beside_itself(declared: Declared) -> None:
    found = declared("data/raw.csv.dvc", "outs:\n- md5: 22a1a2931c8370d3aeedd7183606fd7f\n  path: raw.csv\n")
    assert _datasets(found) == [("data/raw.csv", True, "content-pinned", "declares")]
    assert found[0].how == "md5 22a1a293 in data/raw.csv.dvc"


def test_the_working_directory_of_a_dvc_file_moves_its_paths(declared: Declared) -> None:
    found = declared("dvc/raw.dvc", "wdir: ../data\nouts:\n- {md5: a1, path: raw}\n")
    assert _datasets(found) == [("data/raw", True, "content-pinned", "declares")]


def test_an_out_without_a_digest_is_not_pinned(declared: Declared) -> None:
    assert _datasets(declared("raw.dvc", "outs:\n- path: raw\n")) == [("raw", True, "unknown", "declares")]


def test_an_import_is_pinned_by_its_locked_revision(declared: Declared) -> None:
    text = "deps:\n- path: a.xml\n  repo: {url: 'https://h/r', rev_lock: f59388cd04}\nouts:\n- path: a.xml\n"
    assert _datasets(declared("raw/a.xml.dvc", text)) == [
        ("https://h/r:a.xml", False, "version-pinned", "reads"),
        ("raw/a.xml", True, "version-pinned", "declares"),
    ]


def test_an_import_url_with_an_etag_is_content_pinned(declared: Declared) -> None:
    text = "deps:\n- {etag: '\"abc\"', path: 's3://b/k'}\nouts:\n- {md5: ab, path: k}\n"
    assert _datasets(declared("k.dvc", text))[0] == ("s3://b/k", False, "content-pinned", "reads")


PIPELINE = """\
stages:
  prepare:
    wdir: ml
    cmd: python prepare.py ${seed}
    deps: [../data/raw.csv]
    outs:
      - out.csv
      - report.json: {cache: false}
  train:
    cmd:
      - echo start
      - python train.py
    deps: [ml/out.csv]
    metrics:
      - m.json: {cache: false}
"""


def test_a_stage_declares_its_command_in_its_working_directory(declared: Declared) -> None:
    commands = [item for item in declared("dvc.yaml", PIPELINE) if isinstance(item, Command)]
    assert [(item.job, item.words, item.cwd, item.kind) for item in commands] == [
        ("prepare", ("python", "prepare.py", "${seed}"), "ml", "stage"),
        ("train", ("echo", "start"), "", "stage"),
        ("train", ("python", "train.py"), "", "stage"),
    ]


def test_outs_of_a_stage_are_pinned_when_cached_and_generated_when_not(declared: Declared) -> None:
    assert _datasets(declared("dvc.yaml", PIPELINE)) == [
        ("data/raw.csv", True, "unknown", "reads"),
        ("ml/out.csv", True, "content-pinned", "writes"),
        ("ml/report.json", True, "generated", "writes"),
        ("ml/out.csv", True, "unknown", "reads"),
        ("m.json", True, "generated", "writes"),
    ]


def test_stages_follow_the_stages_that_write_what_they_read(declared: Declared) -> None:
    steps = [item for item in declared("dvc.yaml", PIPELINE) if isinstance(item, Step)]
    assert [(item.name, item.after) for item in steps] == [("prepare", ()), ("train", ("prepare",))]


def test_foreach_and_matrix_stages_are_expanded(declared: Declared) -> None:
    text = """\
stages:
  fit:
    foreach: [a, b]
    do:
      cmd: python fit.py ${item}
      outs: ['models/${item}.pkl']
  grid:
    matrix: {m: [x, y]}
    cmd: python grid.py ${item.m} ${key}
"""
    commands = [item for item in declared("dvc.yaml", text) if isinstance(item, Command)]
    assert [(item.job, item.words[-1]) for item in commands[:2]] == [("fit@a", "a"), ("fit@b", "b")]
    assert [(item.job, item.words[2]) for item in commands[2:]] == [("grid@x", "x"), ("grid@y", "y")]
    assert ("models/b.pkl", True, "content-pinned", "writes") in _datasets(declared("dvc.yaml", text))


def test_a_foreach_over_parameters_stays_one_stage(declared: Declared) -> None:
    text = "stages:\n  fit:\n    foreach: ${models}\n    do: {cmd: python fit.py}\n"
    commands = [item for item in declared("dvc.yaml", text) if isinstance(item, Command)]
    assert [item.job for item in commands] == ["fit"]


def test_a_lock_records_what_stages_read_and_wrote(declared: Declared) -> None:
    text = """\
schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps: [{path: d.csv, md5: aa}]
    outs: [{path: m.pkl, md5: bb}, {path: n.pkl}]
"""
    assert _datasets(declared("ml/dvc.lock", text)) == [
        ("ml/d.csv", True, "content-pinned", "reads"),
        ("ml/m.pkl", True, "content-pinned", "writes"),
    ]


def test_a_kedro_catalogue_declares_its_datasets_from_the_project_root(declared: Declared) -> None:
    text = """\
raw: {type: pandas.CSVDataset, filepath: data/raw.csv}
model: {type: pickle.PickleDataset, filepath: data/m.pkl, versioned: true}
far: {type: pandas.CSVDataset, filepath: 's3://b/x.csv'}
table: {type: pandas.SQLTableDataset, table_name: users}
_defaults: {type: pandas.CSVDataset}
"""
    found = declared("proj/conf/base/catalog.yml", text)
    assert _datasets(found) == [
        ("proj/data/raw.csv", True, "unknown", "declares"),
        ("proj/data/m.pkl", True, "run-bound", "declares"),
        ("s3://b/x.csv", False, "unknown", "declares"),
        ("users", False, "unknown", "declares"),
    ]
    assert [item.job for item in found] == ["raw", "model", "far", "table"]


def test_dbt_declares_qualified_sources_and_owners(declared: Declared) -> None:
    text = """\
version: 2
sources:
  - name: shop
    database: raw
    schema: shop_v2
    tables:
      - name: orders
        identifier: orders_tbl
        meta: {owner: "@orders"}
models:
  - name: clean_orders
    config: {meta: {owner: data-team}}
exposures:
  - name: board
    owner: {name: Ada, email: ada@example.com}
"""
    found = declared("models/schema.yml", text)
    assert _datasets(found) == [
        ("raw.shop_v2.orders_tbl", False, "unknown", "reads"),
        ("clean_orders", False, "generated", "writes"),
    ]
    assert [(item.owner, item.subject) for item in found if isinstance(item, OwnerDeclaration)] == [
        ("@orders", "shop.orders"),
        ("data-team", "clean_orders"),
        ("Ada", "board"),
    ]


def test_a_yaml_file_with_models_of_another_kind_is_no_dbt_file(declared: Declared) -> None:
    assert declared("conf/models.yml", "models:\n  - name: gpt\n    owner: me\n") == ()


def test_the_feast_registry_moves_by_design(declared: Declared) -> None:
    found = declared("repo/feature_store.yaml", "project: p\nregistry: data/registry.db\nprovider: local\n")
    assert _datasets(found) == [("repo/data/registry.db", True, "mutable-by-design", "declares")]
    far = declared("repo/feature_store.yaml", "project: p\nregistry: {path: 's3://b/r.pb'}\n")
    assert _datasets(far) == [("s3://b/r.pb", False, "mutable-by-design", "declares")]


def test_backstage_names_the_owner_of_a_folder(declared: Declared) -> None:
    text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: scorer}\nspec: {owner: team-risk}\n"
    (found,) = declared("svc/catalog-info.yaml", text)
    assert isinstance(found, OwnerDeclaration)
    assert (found.owner, found.subject, found.strength) == ("team-risk", "scorer", "directory")


def test_the_products_of_ploomber_are_made_by_its_tasks(declared: Declared) -> None:
    text = (
        "tasks:\n"
        "  - source: tasks/load.py\n    product: {nb: out/load.ipynb, data: out/raw.csv}\n"
        "  - source: sql/rows.sql\n    product: [shop, rows, table]\n"
        "  - source: steps.fit\n    product: '{{root}}/model.pkl'\n"
    )
    found = declared("ml/pipeline.yaml", text)
    assert _datasets(found) == [
        ("ml/out/load.ipynb", True, "generated", "writes"),
        ("ml/out/raw.csv", True, "generated", "writes"),
    ]
    assert [(one.script, one.folder) for one in found if isinstance(one, GivenNames)] == [("ml/tasks/load.py", "ml")]
    beside = declared("ml/pipeline.yaml", "meta: {product_relative_to_source: true}\n" + text)
    assert _datasets(beside)[0][0] == "ml/tasks/out/load.ipynb"
    assert declared("ml/tasks.yaml", text) == ()
