"""Files that the repository writes itself: what they are made of, and which read is which write."""

from __future__ import annotations

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes
from tests.graph.test_datasets import FIT, datasets


def test_a_written_file_is_generated_and_derives_from_what_it_is_made_of() -> None:
    prepare = 'import pandas as pd\npd.read_csv("s3://shop/raw.csv").dropna().to_csv("build/rows.csv")\n'
    code = f'import pandas as pd\nrows = pd.read_csv("build/rows.csv")\n{FIT}'
    analysis = analysed({"train.py": code, "prepare.py": prepare})
    found = {node.label: node for node in nodes(analysis, "Dataset")}
    assert found["build/rows.csv"].properties["pin"] == "generated"
    edges = analysis.graph.out(found["build/rows.csv"].id, ["derives"])
    assert [edge.target for edge in edges] == [found["s3://shop/raw.csv"].id]


def test_a_helper_that_writes_keeps_what_it_writes_apart() -> None:
    prepare = """
import pandas as pd
def store(frame, path):
    frame.to_csv(path)
store(pd.read_csv("s3://shop/orders.csv"), "build/rows.csv")
store(pd.read_csv("s3://shop/clicks.csv"), "build/clicks.csv")
"""
    code = f'import pandas as pd\nrows = pd.read_csv("build/rows.csv")\n{FIT}'
    found = {node.label for node in nodes(analysed({"train.py": code, "prepare.py": prepare}), "Dataset")}
    assert found == {"build/rows.csv", "s3://shop/orders.csv"}


def test_a_file_in_a_folder_that_is_written_under_open_names_is_unknown() -> None:
    prepare = (
        "import pandas as pd\n"
        'for n in range(int(input())):\n    pd.DataFrame({"x": [n]}).to_csv(f"build/part_{n}.csv")\n'
    )
    code = f'import pandas as pd\nrows = pd.read_csv("build/part_1.csv")\n{FIT}'
    (node,) = nodes(analysed({"train.py": code, "prepare.py": prepare}), "Dataset")
    assert isinstance(node.properties["pin"], Unknown)


def test_a_download_into_a_shared_folder_is_told_by_the_file_that_reads_it() -> None:
    fetch = """
import tarfile, urllib.request
import pandas as pd
from sklearn.linear_model import Ridge
urllib.request.urlretrieve("https://example.org/{name}.tgz", "datasets/{name}.tgz")
with tarfile.open("datasets/{name}.tgz") as archive:
    archive.extractall("datasets")
rows = pd.read_csv("datasets/{name}/{name}.csv")
Ridge().fit(rows[["x"]], rows["y"])
"""
    files = {f"{name}.py": fetch.replace("{name}", name) for name in ("housing", "titanic")}
    found = analysed(files).run.findings
    assert sorted((one.location.path, one.claim.partition("`, ")[0][-11:]) for one in found) == [
        ("housing.py", "housing.tgz"),
        ("titanic.py", "titanic.tgz"),
    ]


def test_a_file_copied_in_a_loop_is_made_of_the_one_with_its_name() -> None:
    code = f"""
import urllib.request
import pandas as pd
for name in ("a.csv", "b.csv"):
    urllib.request.urlretrieve("https://example.org/" + name, "raw/" + name)
rows = pd.read_csv("raw/a.csv")
{FIT}"""
    assert set(datasets(code)) == {"raw/a.csv", "https://example.org/a.csv"}
