"""What the shell scanner and the formats that use it make of command lines."""

from __future__ import annotations

import time

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, Shell
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers import dotenv, makefile, procfile, shell
from mltradeoff_lint.readers.shell_commands import MAX_COMMANDS


def commands(text: str) -> list[tuple[str, ...]]:
    content = shell.read(text, "a.sh").content
    assert isinstance(content, Shell)
    return [command.words for command in content.commands]


def assignments(text: str) -> list[tuple[str, str | None, bool]]:
    content = shell.read(text, "a.sh").content
    assert isinstance(content, Shell)
    return [(found.name, found.value, found.exported) for found in content.assignments]


def test_operators_and_lines_separate_commands() -> None:
    assert commands("a 1; b && c || d | e & f\n(g; h)\n") == [(x, "1") if x == "a" else (x,) for x in "abcdefgh"]


def test_quotes_go_and_variables_stay() -> None:
    assert commands("""x 'a b' "c $D ${E:-f g}"h \\i $'j' "k\\"l" m#n # o\n""") == [
        ("x", "a b", "c $D ${E:-f g}h", "i", "j", 'k"l', "m#n")
    ]


def test_continuation_lines_are_one_command_with_its_place() -> None:
    content = shell.read("python x.py \\\n  --a 1 \\\r\n  --b\n", "a.sh").content
    assert isinstance(content, Shell)
    (command,) = content.commands
    assert command.words == ("python", "x.py", "--a", "1", "--b")
    assert command.span == Span(1, 0, 3, 5)


def test_keywords_conditions_and_patterns_are_no_commands() -> None:
    text = """if [[ $A == b && -f c ]]; then run a; elif test x; then run b; else run c; fi
for i in 1 2 3; do run $i; done
case $X in a|b) run d;; *) run e ;; esac
f() { run g; }
while ! ping h; do sleep 1; done
"""
    assert commands(text) == [
        ("run", "a"),
        ("test", "x"),
        ("run", "b"),
        ("run", "c"),
        ("run", "$i"),
        ("run", "d"),
        ("run", "e"),
        ("run", "g"),
        ("ping", "h"),
        ("sleep", "1"),
    ]


def test_redirections_are_left_out() -> None:
    assert commands("a > b 2>&1 < c &> d >> e <<< f 3\n") == [("a", "3")]


def test_assignments_prefixes_and_exports() -> None:
    content = shell.read("A=1 B=$X run\nenv C=2 go\n", "a.sh").content
    assert isinstance(content, Shell)
    first, second = content.commands
    assert [(one.name, one.value) for one in first.environment] == [("A", "1"), ("B", None)]
    assert (second.words, second.environment[0].value) == (("go",), "2")
    text = "A='x y'\nexport B=1 C\ndeclare -x D=2\nlocal E=3\nF+=4\nG=(a b)\nH=$(date)\n"
    assert assignments(text) == [
        ("A", "x y", False),
        ("B", "1", True),
        ("C", None, True),
        ("D", "2", True),
        ("E", "3", False),
        ("F", None, False),
        ("G", None, False),
        ("H", None, False),
    ]


def test_commands_in_substitutions_are_commands() -> None:
    assert commands('X=$(python a.py "$(b)")\ny `c d`\ndiff <(e) f\n') == [
        ("python", "a.py", "$(b)"),
        ("b",),
        ("y", "`c d`"),
        ("c", "d"),
        ("diff", "<(e)", "f"),
        ("e",),
    ]


def test_workflow_expressions_stay_one_word() -> None:
    assert commands("deploy --key ${{ secrets.KEY }} now\n") == [("deploy", "--key", "${{ secrets.KEY }}", "now")]


def test_here_documents_are_stepped_over_and_python_ones_are_read() -> None:
    reading = shell.read("cat <<EOF > x\nrm -rf /\nEOF\npython - <<'PY'\nimport os\nPY\nnext\n", "a.sh")
    assert isinstance(reading.content, Shell)
    assert [command.words[0] for command in reading.content.commands] == ["cat", "python", "next"]
    (code,) = reading.embedded
    assert (code.language, code.text, code.lines.lines[0]) == ("python", "import os\n", (5, 0, ""))


def test_python_that_reads_a_here_document_as_data_is_not_read() -> None:
    assert shell.read("python x.py <<E\n1 2\nE\n", "a.sh").embedded == ()


def test_unclosed_text_is_read_in_linear_time() -> None:
    start = time.process_time()
    for text in (
        "$(" * 100_000,
        "${" * 100_000,
        '"$(' * 70_000,
        "(" * 200_000,
        "a <<E\n" * 30_000,
        "[[ " * 70_000,
        "`'" * 99_999,
    ):
        shell.read(text, "a.sh")
    assert time.process_time() - start < 20


def test_the_number_of_commands_is_bounded_and_said() -> None:
    reading = shell.read("a\n" * (MAX_COMMANDS + 5), "a.sh")
    assert [problem.kind for problem in reading.problems] == [ProblemKind.PARTIAL]


def jobs(extra: object) -> Entry:
    assert isinstance(extra, Documents)
    return extra.roots[0]


def test_makefile_recipes_are_commands_of_their_target() -> None:
    text = (
        "PY ?= python\nexport OUT := a/b # c\nREV = $(shell git rev)\n\n"
        "train: data\n\t@$(PY) train.py --n $$N \\\n\t  --out x\n\nserve: ; uvicorn a:b\n"
    )
    reading = makefile.read(text, "Makefile")
    assert isinstance(reading.content, Shell)
    assert [(one.name, one.value, one.exported) for one in reading.content.assignments] == [
        ("PY", "python", False),
        ("OUT", "a/b", True),
        ("REV", None, False),
    ]
    first, second = reading.content.commands
    assert first.words == ("${PY}", "train.py", "--n", "$N", "--out", "x")
    assert first.span == Span(6, 2, 7, 10)
    assert (second.words, second.span.line) == (("uvicorn", "a:b"), 9)
    targets = jobs(reading.extra[0])
    assert [(name, value.span.line, value.span.end_line) for name, _, value in targets.entries] == [
        ("train", 6, 7),
        ("serve", 9, 9),
    ]


def test_procfile_processes_are_named() -> None:
    reading = procfile.read("web: A=1 gunicorn app:app\n# no\nworker: python w.py\n", "Procfile")
    assert isinstance(reading.content, Shell)
    assert [command.words for command in reading.content.commands] == [("gunicorn", "app:app"), ("python", "w.py")]
    assert reading.content.commands[1].span == Span(3, 8, 3, 19)
    processes = jobs(reading.extra[0])
    assert processes.text("worker") == "python w.py"
    assert [name for name, _, _ in processes.entries] == ["web", "worker"]


def test_environment_files_keep_literal_values() -> None:
    text = (
        "A=1\nexport B = 'x # y' # c\nC=\"l1\\nl2\nl3\"\nD=${A}/b\n"
        "E=v # c\nF=v#c\nG\n#H=1\nexport I\nnot a line\nJ=\nK='$A'\n"
    )
    content = dotenv.read(text, ".env").content
    assert isinstance(content, Shell)
    assert [(one.name, one.value, one.exported) for one in content.assignments] == [
        ("A", "1", False),
        ("B", "x # y", True),
        ("C", "l1\nl2\nl3", False),
        ("D", None, False),
        ("E", "v", False),
        ("F", "v#c", False),
        ("G", None, False),
        ("I", None, True),
        ("J", "", False),
        ("K", "$A", False),
    ]
    assert content.assignments[2].span == Span(3, 0, 4, 3)
