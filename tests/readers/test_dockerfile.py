"""What the Dockerfile reader makes of instructions."""

from __future__ import annotations

from mltradeoff_lint.model.facts import Dockerfile, Embedded, Instruction
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.dockerfile import read


def instructions(text: str) -> tuple[Instruction, ...]:
    reading = read(text, "Dockerfile")
    assert reading.problems == ()
    assert isinstance(reading.content, Dockerfile)
    return reading.content.instructions


def words(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.keyword, one.words) for one in instructions(text)]


def embedded(text: str) -> tuple[Embedded, ...]:
    return read(text, "Dockerfile").embedded


def test_exec_and_shell_forms_are_told_apart() -> None:
    first, second, third = instructions('from a AS b\nCMD ["python", "-m", "x y"]\nENTRYPOINT python x.py\n')
    assert (first.keyword, first.words, first.is_exec) == ("FROM", ("a AS b",), False)
    assert (second.words, second.is_exec) == (("python", "-m", "x y"), True)
    assert (third.words, third.is_exec) == (("python x.py",), False)


def test_a_broken_exec_form_is_a_shell_form() -> None:
    (one,) = instructions("CMD ['python']\n")
    assert (one.words, one.is_exec) == (("['python']",), False)


def test_both_forms_of_env_are_pairs() -> None:
    text = "ENV A=1 B=\"x y\" C='z'\nENV D the value\nARG E\nARG F=2\nLABEL a.b=c\n"
    assert words(text) == [
        ("ENV", ("A=1", "B=x y", "C=z")),
        ("ENV", ("D=the value",)),
        ("ARG", ("E",)),
        ("ARG", ("F=2",)),
        ("LABEL", ("a.b=c",)),
    ]


def test_continuations_are_joined_over_comments_and_blank_lines() -> None:
    (one,) = instructions("RUN a \\\n# note\n\n  && b\n")
    assert one.words == ("a && b",)
    assert one.span == Span(1, 0, 4, 6)


def test_the_escape_directive_changes_the_continuation() -> None:
    assert words("# escape=`\nRUN a `\n b\nCOPY x C:\\\n") == [("RUN", ("a b",)), ("COPY", ("x C:\\",))]


def test_run_text_is_embedded_at_its_place_without_flags_and_comments() -> None:
    (shell,) = embedded("FROM x\nRUN --mount=type=cache pip install \\\n  # why\n  torch\n")
    assert shell.language == "shell"
    assert shell.text == "pip install \\\n  torch"
    assert shell.lines.lines == ((2, 23, ""), (4, 0, ""))


def test_a_here_document_of_run_is_shell_and_is_no_instruction() -> None:
    text = "RUN <<EOF\npython a.py\nFROM x\nEOF\nCMD b\n"
    assert [keyword for keyword, _ in words(text)] == ["RUN", "CMD"]
    (shell,) = embedded(text)
    assert (shell.text, shell.lines.lines[0]) == ("python a.py\nFROM x", (2, 0, ""))


def test_a_here_document_of_copy_is_the_file_it_writes() -> None:
    (file,) = embedded('COPY <<-"END" /app/run.py\n\timport os\n\tEND\n')
    assert (file.language, file.path, file.text) == ("python", "/app/run.py", "\timport os")


def test_a_here_document_that_never_ends_swallows_nothing() -> None:
    assert [keyword for keyword, _ in words("RUN cat <<EOF\nCMD b\n")] == ["RUN", "CMD"]


def test_lines_that_are_no_instruction_are_one_problem() -> None:
    reading = read("FROM x\nhello\nworld\n", "Dockerfile")
    assert [problem.kind for problem in reading.problems] == [ProblemKind.PARTIAL]
    assert read("{% if x %}\nFROM a\n", "Dockerfile").problems[0].kind is ProblemKind.TEMPLATE


def test_windows_line_ends_are_read() -> None:
    assert words("FROM x\r\nRUN a \\\r\n b\r\n") == [("FROM", ("x",)), ("RUN", ("a b",))]


def test_many_unclosed_here_documents_are_read_in_linear_time() -> None:
    assert len(instructions("RUN a <<X\n" * 20_000)) == 20_000
