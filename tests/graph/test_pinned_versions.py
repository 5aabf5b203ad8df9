"""Which specifiers allow only versions from before one."""

from __future__ import annotations

import pytest

from mltradeoff_lint.graph.facets.metering.pinned_versions import is_before


@pytest.mark.parametrize(
    ("specifier", "is_old"),
    [
        ("==0.0.329", True),
        ("==0.3.48", True),
        ("==0.3.49", False),
        ("==0.3.*", False),
        ("==0.2.*", True),
        ("<0.3", True),
        ("<=0.3.48", True),
        (">=0.1,<0.2", True),
        (">=0.1,<1", False),
        ("~=0.2.1", True),
        ("~=0.3.1", False),
        ("^0.0.217", True),
        ("^0.2.5", True),
        ("^0.3.1", False),
        ("^1.0", False),
        ("~0.2", True),
        ("0.1.2", True),
        (">=0.0.217", False),
        ("!=0.3.1", False),
        ("*", False),
        ("", False),
    ],
)
def test_a_specifier_is_a_pin_when_it_keeps_the_version_out(specifier: str, is_old: bool) -> None:
    assert is_before(specifier, (0, 3, 49)) is is_old
