from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.sample import FILES
from tests.sarif import multitool

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The sample repository on disk."""
    for path, text in FILES.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))
    return tmp_path


@pytest.fixture(scope="session")
def validator() -> Path:
    """The installed sarif-multitool; without it a test is skipped here and fails in CI."""
    tool = multitool.binary(CHECKOUT)
    if tool is None:
        words = f"sarif-multitool is not installed at {multitool.BINARY}"
        if multitool.is_required():
            pytest.fail(words)
        pytest.skip(words)
    return tool
