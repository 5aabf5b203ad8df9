"""What the CODEOWNERS reader keeps of GitHub's and GitLab's files."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.facts import OwnerLine, OwnersFile
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.codeowners import read


def rules(text: str, path: str = "CODEOWNERS") -> tuple[OwnerLine, ...]:
    content = read(text, path).content
    assert isinstance(content, OwnersFile)
    return content.rules


def test_patterns_owners_and_places() -> None:
    text = "# top\n*  @ana @org/team  # default\n\n/models/ a@b.org\n/free/\n"
    assert rules(text) == (
        OwnerLine("*", ("@ana", "@org/team"), "", Span(2, 0, 2, 17)),
        OwnerLine("/models/", ("a@b.org",), "", Span(4, 0, 4, 16)),
        OwnerLine("/free/", (), "", Span(5, 0, 5, 6)),
    )


def test_escaped_spaces_and_hashes_belong_to_the_pattern() -> None:
    assert rules("/a\\ b/\\#c @x\n")[0].pattern == "/a b/#c"


def test_sections_of_gitlab_have_default_owners() -> None:
    text = "* @all\n[Data Science][2] @ds\n/a\n/b @eve\n^[Docs]\n/c\n"
    assert [(rule.pattern, rule.owners, rule.section) for rule in rules(text)] == [
        ("*", ("@all",), ""),
        ("/a", ("@ds",), "Data Science"),
        ("/b", ("@eve",), "Data Science"),
        ("/c", (), "Docs"),
    ]


def test_github_has_no_sections() -> None:
    assert [rule.pattern for rule in rules("[ab]/ @x\n", ".github/CODEOWNERS")] == ["[ab]/"]


@pytest.mark.parametrize(("path", "kept"), [(".github/CODEOWNERS", 0), (".gitlab/CODEOWNERS", 1)])
def test_an_owner_of_no_known_form_is_said(path: str, kept: int) -> None:
    reading = read("/a ana @eve\n", path)
    assert [problem.kind for problem in reading.problems] == [ProblemKind.PARTIAL]
    assert isinstance(reading.content, OwnersFile)
    assert len(reading.content.rules) == kept
