from __future__ import annotations

from dataclasses import replace

import pytest

from mltradeoff_lint.model.finding import Finding, Severity, Suppression
from mltradeoff_lint.model.graph import Graph
from mltradeoff_lint.query.evaluate import evaluate
from mltradeoff_lint.query.findings import findings
from mltradeoff_lint.query.page_check import failures
from mltradeoff_lint.query.pages import Mark, first_sentence, parse_page, rule_info, shortcomings
from mltradeoff_lint.query.schema import RuleError
from tests.query.sample import PREDICTION, fingerprint, locate, rule, served

PAGE = """\
# slow-endpoint

## What it flags
An endpoint that computes what could be stored. It says so once.

## Why it costs
Every request pays
for it.

More words.

## How to fix
Store it.

## When it is silent
When the keys are open.

## Flagged

### One file
Some words before `other.py` and then

`app.py`:
```python
predict(stored)  # finding: slow-endpoint high
# ## Not a heading
```

### Two files
- as-of: 2026-11-21
- `untracked: data/x.csv`

`app.py`:
````python
text = '''
```
'''
predict(stored)  # finding: slow-endpoint  # finding: other-rule
````
The pipeline `dvc.yaml`:
```yaml
stages: {}
```
Finding: other-rule at `dvc.yaml:1`.

## Not flagged

### The keys are open
`app.json`:
```json
{"keys": "open"}  // silent: slow-endpoint because unless.1
```

## References
- A book.
"""

NAME = "slow-endpoint"


def test_a_page_is_read_into_sections_and_cases() -> None:
    page = parse_page("rule.md", PAGE, NAME)
    assert page.sections["How to fix"] == "Store it."
    assert [(case.title, case.is_flagged) for case in page.cases] == [
        ("One file", True),
        ("Two files", True),
        ("The keys are open", False),
    ]


def test_marks_are_taken_off_the_files_and_keep_their_lines() -> None:
    one, two, silent = parse_page("rule.md", PAGE, NAME).cases
    assert one.files == {"app.py": "predict(stored)\n# ## Not a heading\n"}
    assert one.marks == (Mark("finding", NAME, "app.py", 1, "high"),)
    assert two.files["app.py"] == "text = '''\n```\n'''\npredict(stored)\n"
    assert set(two.marks) == {
        Mark("finding", NAME, "app.py", 4),
        Mark("finding", "other-rule", "app.py", 4),
        Mark("finding", "other-rule", "dvc.yaml", 1),
    }
    assert silent.files == {"app.json": '{"keys": "open"}\n'}
    assert silent.marks == (Mark("silent", NAME, clauses=("unless.1",)),)


def test_a_case_may_set_the_date_and_what_git_does_not_track() -> None:
    assert parse_page("rule.md", PAGE, NAME).cases[1].settings == {"as-of": "2026-11-21", "untracked": "data/x.csv"}


def test_silent_marks_may_name_several_clauses_and_stand_in_the_text() -> None:
    heading = "### The keys are open\n"
    text = PAGE.replace(
        heading, heading + "Silent: slow-endpoint because `unless.1` and `match.prediction.inputs`.\n\n"
    )
    assert parse_page("rule.md", text, NAME).cases[2].marks[0].clauses == ("unless.1", "match.prediction.inputs")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# slow-endpoint\n", "# Slow\n", "rule.md:1:1: the page must start with `# slow-endpoint`"),
        ("## How to fix", "## How to mend", "rule.md:12:1: heading `How to mend` stands where `How to fix` must"),
        ("## References\n", "", "heading `References` is missing"),
        ("- A book.\n", "## More\n", "heading `More` is one too many"),
        ("Store it.\n", "", "rule.md:12:1: section `How to fix` is empty"),
        (
            "`app.py`:\n```python",
            "```python",
            "rule.md:23:1: a block must follow a line that names its file: `train.py`:",
        ),
        ("`app.json`:", "`../app.json`:", "`../app.json` is no path inside a repository"),
        ("The pipeline `dvc.yaml`:", "`app.py`:", "file `app.py` is given twice in one case"),
        ("# finding: slow-endpoint high", "# finding slow", "rule.md:20:1: a flagged case needs a `finding` mark"),
        (
            "# finding: slow-endpoint high",
            "# finding: Slow!",
            "a mark reads `# finding: rule-name` at the end of its line",
        ),
        ("  // silent: slow-endpoint because unless.1", "", "needs `silent: rule-name because clause`"),
        ("because unless.1", "", "`silent` must name the clause: `because unless.1`"),
        (
            "Finding: other-rule at `dvc.yaml:1`.",
            "Finding: other-rule",
            "`finding` stands at a line and has no `because`",
        ),
        ("- as-of: 2026-11-21", "- as-off: 2026-11-21", "unknown setting `as-off`; did you mean `as-of`?"),
        ("```json\n", "````json\n", "heading `References` is missing"),
    ],
)
def test_a_page_of_another_form_is_an_error(old: str, new: str, message: str) -> None:
    assert old in PAGE
    with pytest.raises(RuleError) as caught:
        parse_page("rule.md", PAGE.replace(old, new, 1), NAME)
    assert message in str(caught.value)


def test_a_page_with_few_cases_falls_short() -> None:
    assert [line.partition(": ")[2] for line in shortcomings(parse_page("rule.md", PAGE, NAME))] == [
        "2 flagged cases, at least 3 are needed",
        "1 cases not flagged, at least 3 are needed",
    ]


def check(marks: tuple[Mark, ...], graph: Graph, found: tuple[Finding, ...] | None = None) -> tuple[str, ...]:
    loaded = rule()
    case = replace(parse_page("rule.md", PAGE, NAME).cases[0], marks=marks)
    if found is None:
        found = findings(loaded, evaluate(loaded, graph), graph, locate, fingerprint)
    return failures(case, NAME, {NAME: loaded}, found, graph)


def silent(*clauses: str) -> tuple[Mark, ...]:
    return (Mark("silent", NAME, clauses=clauses),)


def open_keys() -> Graph:
    graph = served()
    graph.node(PREDICTION).properties["key_space"] = "open"
    return graph


def test_a_marked_finding_passes() -> None:
    assert check((Mark("finding", NAME, "app.py", 8),), served()) == ()
    assert check((Mark("finding", NAME, "app.py", 8, "high"),), served()) == ()


def test_a_finding_at_another_line_fails_twice() -> None:
    assert check((Mark("finding", NAME, "app.py", 9),), served()) == (
        "app.py:9: slow-endpoint is not found",
        "app.py:8: slow-endpoint is found and not marked: `/score` computes `model.predict` on every request",
    )


def test_a_finding_of_another_severity_fails() -> None:
    expected = ("app.py:8: slow-endpoint is of severity high, not low",)
    assert check((Mark("finding", NAME, "app.py", 8, "low"),), served()) == expected


def test_a_known_miss_fails_once_it_is_found_and_a_known_false_alarm_once_it_is_silent() -> None:
    assert check((Mark("todo-finding", NAME, "app.py", 8),), open_keys()) == ()
    assert check((Mark("todo-finding", NAME, "app.py", 8),), served()) == (
        "app.py:8: slow-endpoint is found now; make the mark `finding`",
    )
    assert check((Mark("todo-silent", NAME, "app.py", 8),), served()) == ()
    assert check((Mark("todo-silent", NAME, "app.py", 8),), open_keys()) == (
        "app.py:8: slow-endpoint is silent now; take the mark off",
    )


def test_a_suppressed_finding_counts_as_none() -> None:
    loaded, graph = rule(), served()
    (finding,) = findings(loaded, evaluate(loaded, graph), graph, locate, fingerprint)
    hidden = (replace(finding, suppressed=Suppression("examples", "why")),)
    assert check((Mark("finding", NAME, "app.py", 8),), graph, hidden) == ("app.py:8: slow-endpoint is not found",)


def test_findings_of_rules_that_no_mark_names_are_none_of_the_pages_business() -> None:
    graph = served()
    loaded = rule()
    (finding,) = findings(loaded, evaluate(loaded, graph), graph, locate, fingerprint)
    others = (finding, replace(finding, rule="other-rule", severity=Severity.LOW))
    assert check((Mark("finding", NAME, "app.py", 8),), graph, others) == ()


def test_a_mark_of_no_rule_fails() -> None:
    assert check((Mark("finding", "no-rule", "app.py", 8),), served()) == ("no rule is called `no-rule`",)


def test_silence_passes_when_the_rule_fires_without_the_named_clause() -> None:
    assert check(silent("unless.1"), open_keys()) == ()


def test_silence_for_another_reason_fails_and_says_what_drops_the_candidate() -> None:
    assert check(silent("match.prediction.inputs"), open_keys()) == (
        "slow-endpoint stays silent without match.prediction.inputs; what drops candidates here: "
        "unless.1: the keys cannot be listed",
    )


def test_silence_because_nothing_was_recognised_fails() -> None:
    assert check(silent("unless.1"), Graph()) == (
        "slow-endpoint stays silent without unless.1; there is no candidate at all",
    )


def test_a_failed_test_of_match_may_be_the_reason_for_silence() -> None:
    graph = served()
    graph.node(PREDICTION).properties["inputs"] = "request"
    assert check(silent("match.prediction.inputs"), graph) == ()


def test_two_reasons_must_both_be_named_and_both_be_needed() -> None:
    graph = open_keys()
    graph.node(PREDICTION).properties["inputs"] = "request"
    assert check(silent("unless.1"), graph) != ()
    assert check(silent("unless.1", "match.prediction.inputs"), graph) == ()
    assert check(silent("unless.1", "match.prediction.inputs"), open_keys()) == (
        "slow-endpoint fires without unless.1; match.prediction.inputs silences nothing",
    )


def test_a_clause_that_the_rule_does_not_have_fails() -> None:
    assert check(silent("unless.7"), open_keys())[0].startswith("rule `slow-endpoint` has no clause `unless.7`")


def test_reports_take_their_words_from_the_page() -> None:
    info = rule_info(replace(rule(), page=PAGE))
    assert info.summary == "An endpoint computes what could be stored."
    assert info.description == "Every request pays for it."
    assert info.help_markdown == PAGE
    assert (info.precision, info.since, info.pascal_name) == ("high", "0.1.0", "SlowEndpoint")


def test_a_rule_without_a_page_is_described_by_its_summary() -> None:
    info = rule_info(rule())
    assert info.description == info.help_markdown == info.summary


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. Two.", "One."),
        ("A file `a. B` here. Then", "A file `a. B` here."),
        ("Some tools, e.g. those, fail. Others", "Some tools, e.g. those, fail."),
        ("No stop at\nall", "No stop at all"),
        ("", ""),
    ],
)
def test_the_first_sentence_ends_at_a_full_stop_of_prose(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence
