"""How a name in a hub of data sets takes its version, which is what the remedy says."""

from __future__ import annotations

import pytest

from tests.graph.analysed import analysed, nodes

DATED = "store the download under a name with its date and read that"


@pytest.mark.parametrize(
    ("fetch", "state", "fix"),
    [
        ("kaggle.api.dataset_download_files('shop/orders', path='data')", "mutable-implicit", "owner/name/3"),
        ("kaggle.api.dataset_download_files('shop/orders/3', path='data')", "version-pinned", ""),
        ("kaggle.api.competition_download_files('orders-2024', path='data')", "mutable-implicit", DATED),
        ("folder = kagglehub.dataset_download('shop/orders')", "mutable-implicit", "owner/name/versions/3"),
        ("folder = kagglehub.dataset_download('shop/orders/versions/3')", "version-pinned", ""),
        ("opendatasets.download('shop/orders', 'data')", "mutable-implicit", DATED),
    ],
)
def test_a_name_takes_its_version_as_its_library_reads_it(fetch: str, state: str, fix: str) -> None:
    source = (
        "import kaggle, kagglehub, opendatasets\nimport pandas as pd\nfrom sklearn.linear_model import Ridge\n"
        f"folder = 'data'\n{fetch}\nrows = pd.read_csv(f'{{folder}}/a.csv')\nRidge().fit(rows[['x']], rows['y'])\n"
    )
    found = [one for one in nodes(analysed({"fit.py": source}), "Dataset") if "orders" in one.label]

    assert [one.properties["pin"] for one in found] == [state]
    assert str(found[0].properties["pin_fix"]).endswith(fix)
