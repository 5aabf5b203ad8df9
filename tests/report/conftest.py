from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.sample import FILES


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The sample repository on disk."""
    for path, text in FILES.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))
    return tmp_path
