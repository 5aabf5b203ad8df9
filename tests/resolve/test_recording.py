"""What a result depends on: the questions it asked, each with the digest of its answer."""

from __future__ import annotations

from mltradeoff_lint.model.declarations import Declaration, EnvBinding
from mltradeoff_lint.model.source import WHOLE_FILE, Site
from mltradeoff_lint.resolve.program import Question
from tests.resolve.sample import Repository, repository

FILES = {
    "app.py": "from conf import PATH\nprobe(PATH)",
    "conf.py": "from base import ROOT\nPATH = ROOT + '/x.csv'",
    "base.py": "ROOT = 'data'",
    "other.py": "X = 1",
}


def asked(files: dict[str, str], declarations: tuple[Declaration, ...] = ()) -> tuple[Question, ...]:
    made = repository(files, declarations)
    with made.program.recording() as questions:
        made.probe()
        return questions()


def test_equal_repositories_give_equal_questions_and_digests() -> None:
    assert asked(FILES) == asked(dict(reversed(FILES.items())))


def test_an_edit_of_an_unrelated_file_changes_no_digest() -> None:
    assert asked(FILES) == asked({**FILES, "other.py": "X = 2\ndef f(): pass"})


def test_an_edit_of_a_file_that_answers_changes_a_digest() -> None:
    for path in ("app.py", "conf.py", "base.py"):
        edited = FILES[path].replace("data", "raw").replace("x.csv", "y.csv") + "\nY = 1"
        assert asked(FILES) != asked({**FILES, path: edited}), path


def test_an_edit_far_away_that_leaves_the_answer_as_it_was_changes_no_digest() -> None:
    assert asked(FILES) == asked({**FILES, "base.py": "ROOT = 'data'\ndef f(): pass"})


def test_a_module_that_did_not_exist_and_now_does_changes_a_digest() -> None:
    files = {"app.py": "from conf import PATH\nprobe(PATH)"}
    assert asked(files) != asked({**files, "conf.py": "PATH = 'a'"})


def test_a_variable_that_configuration_starts_to_set_changes_a_digest() -> None:
    files = {"app.py": "import os\nprobe(os.getenv('B', 'shop'))"}
    binding = EnvBinding("B", "other", Site("compose.yaml", WHOLE_FILE), "compose")
    unrelated = EnvBinding("C", "other", Site("compose.yaml", WHOLE_FILE), "compose")
    assert asked(files) != asked(files, (binding,))
    assert asked(files) == asked(files, (unrelated,))


def test_a_question_without_an_answer_is_recorded_as_well() -> None:
    questions = asked({"app.py": "from conf import PATH\nprobe(PATH)"})
    assert any(one.kind == "module" and "conf" in one.key for one in questions)


def recorded(made: Repository, path: str) -> set[tuple[str, str]]:
    with made.program.recording() as questions:
        made.probe(path)
        return {(one.kind, one.key) for one in questions()}


def test_an_answer_from_memory_is_recorded_like_a_fresh_one() -> None:
    files = {**FILES, "two.py": "from conf import PATH\nprobe(PATH)"}
    fresh = recorded(repository(files), "two.py")
    made = repository(files)
    made.probe("app.py")
    made.probe("two.py")
    again = recorded(made, "two.py")
    assert fresh == again


def test_recordings_can_be_nested_and_end() -> None:
    made = repository(FILES)
    with made.program.recording() as outer:
        with made.program.recording() as inner:
            made.probe()
            within = inner()
        assert set(within) <= set(outer())
    made.program.python("other.py")
    assert outer() == within


def test_what_was_asked_on_the_way_around_a_cycle_is_recorded() -> None:
    files = {
        "app.py": "from one import A\nprobe(A)",
        "one.py": "import two\nA = two.B if two.fast else 'a.csv'",
        "two.py": "import one\nfrom three import C\nB = one.A if one.slow else C",
        "three.py": "C = 'c.csv'",
    }
    assert repository(files).probe() == repository(files).probe()
    assert asked(files) != asked({**files, "three.py": "C = 'd.csv'"})
    assert asked(files) == asked({**files, "four.py": "X = 1"})
