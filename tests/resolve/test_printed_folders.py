"""The folders that commands of a script print, and the names of what other commands print."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.facts import Shell
from mltradeoff_lint.reading import read_tree
from mltradeoff_lint.resolve.command_line.scripts import commands
from mltradeoff_lint.tree.memory import MemoryTree
from tests.resolve.words import probed

ARGV = "import sys\nprobe(sys.argv[1])\n"
ROOT = "{repository root}"
PLACES = [
    ("$(git rev-parse --show-toplevel)", f"f'{ROOT}/d.csv'"),
    ("$(git rev-parse HEAD)", "f'{D}/d.csv'"),
    ("$(dirname $0)", f"f'{ROOT}/jobs/one/d.csv'"),
    ("`dirname $0`", f"f'{ROOT}/jobs/one/d.csv'"),
    ('"$(dirname "$(readlink -f "$0")")"', f"f'{ROOT}/jobs/one/d.csv'"),
    ('"$(dirname "$(dirname "$(realpath "$0")")")"', f"f'{ROOT}/jobs/d.csv'"),
    ('"$(cd "$(dirname "${BASH_SOURCE[0]}")" >/dev/null 2>&1 && pwd -P)"', f"f'{ROOT}/jobs/one/d.csv'"),
    ('"$(cd -- "$(dirname "$0")/../.." && pwd)"', f"f'{ROOT}/d.csv'"),
    ('"$(cd "$(dirname "$0")/../../.." && pwd)"', "f'{D}/d.csv'"),
    ("${0%/*}", f"f'{ROOT}/jobs/one/d.csv'"),
    ('"$(dirname "$0")"\nD="$(dirname "$D")"', f"f'{ROOT}/jobs/d.csv'"),
    ("$(dirname $1)", "f'{D}/d.csv'"),
    ("$(dirname data/x/a.csv)", "'data/x/d.csv'"),
    ("$(cd $(mktemp -d) && pwd)", "f'{D}/d.csv'"),
]


@pytest.mark.parametrize(("written", "expected"), PLACES)
def test_a_command_prints_the_folder_of_its_script_or_of_the_repository(written: str, expected: str) -> None:
    assert probed({"app.py": ARGV, "jobs/one/run.sh": f"D={written}\npython app.py $D/d.csv\n"}) == [expected]


def test_a_variable_of_a_makefile_is_called_after_itself() -> None:
    makefile = "R := $(shell git rev-parse --show-toplevel)\nV = $(shell date)\nrun:\n\tpython app.py $(R)/$(V).csv\n"

    assert probed({"app.py": ARGV, "Makefile": makefile}) == ["f'{repository root}/{V}.csv'"]


@pytest.mark.parametrize(
    ("line", "folder"),
    [
        ('D="$(cd .. && pwd)"', ""),
        ("export D=`cd .. && pwd`", ""),
        ('echo "$(cd .. && pwd)"', ""),
        ("for d in a b; do cd $d; done", ""),
        ("for d in a b; do cd x; done", "x"),
        ("cd x && D=$(pwd)", "x"),
        ("D=a; cd x", "x"),
    ],
)
def test_what_a_command_substitution_goes_to_is_not_where_the_script_goes_on(line: str, folder: str) -> None:
    shell = read_tree(MemoryTree({"run.sh": f"{line}\npython app.py\n"}), lambda path: False).facts["run.sh"].content

    assert isinstance(shell, Shell)
    assert [one.folder for one in commands("run.sh", shell, lambda name: None)][-1] == folder
