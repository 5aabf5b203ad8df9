from __future__ import annotations

from pathlib import Path

import pytest

from mltradeoff_lint.model.finding import Confidence, Severity
from mltradeoff_lint.model.rule import EdgePattern, NodePattern
from mltradeoff_lint.model.rule import Test as PropertyTest
from mltradeoff_lint.query.clauses import OPERATORS
from mltradeoff_lint.query.load import bundled_folder, load_rules, read_rule
from mltradeoff_lint.query.options import with_options
from mltradeoff_lint.query.schema import RuleError
from tests.query.sample import HEAD, REPORT, REQUEST, rule

ONE = "match: {a: {kind: Dataset}}\n" + REPORT
TWO = "match: {a: {kind: Function}, b: {kind: Function}}\nedge: [{from: a, to: b, type: calls}]\n" + REPORT


def error(text: str, folder: str = "slow-endpoint") -> str:
    with pytest.raises(RuleError) as caught:
        read_rule("rule.yaml", text.encode(), folder)
    return str(caught.value)


def write(folder: Path, name: str, text: str, page: str = "") -> Path:
    home = folder / name
    home.mkdir(parents=True)
    (home / "rule.yaml").write_text(text, encoding="utf-8")
    if page:
        (home / "rule.md").write_text(page, encoding="utf-8")
    return home


def test_a_rule_is_read_whole() -> None:
    found = rule()
    assert (found.severity, found.confidence, found.on_unknown) == (Severity.HIGH, Confidence.HIGH, "drop")
    assert found.match["endpoint"] == NodePattern("Endpoint", (PropertyTest("interface", "is", "api"),))
    assert found.match["prediction"].tests[1] == PropertyTest("refresh_seconds", "at_least", 3600, "staleness_seconds")
    assert [step.kind for step in found.paths[0].along] == ["handles", "calls", "performs"]
    assert found.paths[0].hops == 6
    assert found.unless[0].text == "the keys cannot be listed"
    assert found.report.cause == ("prediction",)


def test_every_part_of_the_language_is_read() -> None:
    found = rule("""\
options: {limit: 2}
match:
  job: {kind: Job, .kind: scheduled, interval_seconds: present}
  code: {kind: Function}
  call: {kind: ModelCall, metered: {includes_all: [tokens]}, callers: {at_least: "${limit}", below: 9}}
  other: {kind: ModelCall, provider: {not: [openai, azure]}, model: {unknown: true}}
path:
  work:
    from: job
    to: code
    along: [{loads: {scope: request}}, performs]
    avoiding: [{kind: Prediction, scope: cached}]
    hops: 3
  extra: {from: code, to: {kind: Model}, along: [loads], optional: true}
edge:
  - {from: code, to: call, type: calls, name: use}
relate:
  - same: [call.unit, other.unit]
  - differ: [call.provider, other.provider]
  - distinct: [call, other]
unless:
  - {call: {metering: satisfied}, other: {streamed: true}}
  - {edge: {from: call, to: {kind: Instrument}, type: metered_by}, because: it is metered}
  - {path: {from: {kind: Endpoint}, to: call, along: [handles, calls], hops: 2}}
needs:
  - {evidence: ownership, note: nobody names owners}
on_unknown: low
report:
  at: call
  message: "{call.unit_label} costs {call.metered|count} times"
  remedy: "meter it, {options.limit} times"
  trace: [work, use, extra, job]
  cause: [call.unit, code]
  role: call.role
  owner: code
  cases:
    - variant: request
      when: {call: {reach: request}}
      severity: note
      step_down: false
""")
    assert found.match["job"].tests == (
        PropertyTest("kind", "is", "scheduled"),
        PropertyTest("interval_seconds", "present"),
    )
    assert found.paths[0].along[0] == EdgePattern("loads", (PropertyTest("scope", "is", "request"),))
    assert found.paths[0].avoiding == (NodePattern("Prediction", (PropertyTest("scope", "is", "cached"),)),)
    assert found.paths[1].optional
    assert found.edges[0].name == "use"
    assert [relation.kind for relation in found.relations] == ["same", "differ", "distinct"]
    assert [clause.position for clause in found.unless] == [1, 2, 3]
    assert found.unless[2].path is not None
    assert found.unless[2].path.source == NodePattern("Endpoint")
    assert found.report.cases[0].step_down is False
    assert found.on_unknown == "low"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("colour: red\n" + ONE, "rule.yaml:8:1: unknown key `colour` in a rule"),
        ("mach: {}\n" + ONE, "rule.yaml:8:1: unknown key `mach` in a rule; did you mean `match`?"),
        ("match: {a: {kind: Dataset}}\n", "rule.yaml:1:1: a rule has no `report`"),
        (
            "match: {a: {kind: Datset}}\n" + REPORT,
            "rule.yaml:8:19: unknown node kind `Datset`; did you mean `Dataset`?",
        ),
        (
            "match: {a: {kind: Dataset, pinn: x}}\n" + REPORT,
            "rule.yaml:8:28: unknown property `pinn` of Dataset; did you mean `pin`?",
        ),
        ("match: {a: {kind: Dataset, pin: mutabel}}\n" + REPORT, "rule.yaml:8:33: `pin` is never `mutabel`"),
        (
            "match: {a: {kind: Dataset, remote: yes}}\n" + REPORT,
            "rule.yaml:8:36: `yes` reads as a truth value in YAML 1.1; quote it",
        ),
        (
            "match: {a: {kind: Dataset, remote: 'yes'}}\n" + REPORT,
            "rule.yaml:8:36: `remote` is true or false, and `yes` is not",
        ),
        ("match: {a: {kind: Dataset, scheme: 3}}\n" + REPORT, "rule.yaml:8:36: `scheme` is a text, and `3` is not"),
        (
            "match: {a: {kind: FeatureView, refresh_seconds: true}}\n" + REPORT,
            "rule.yaml:8:49: `refresh_seconds` is a number, and `true` is not",
        ),
        (
            "match: {a: {kind: FeatureView, refresh_seconds: {at_most: 3}}}\n" + REPORT,
            "rule.yaml:8:50: unknown operator `at_most`; did you mean `at_least`?",
        ),
        (
            "match: {a: {kind: Dataset, scheme: {below: 3}}}\n" + REPORT,
            "rule.yaml:8:37: `below` needs a number, and `scheme` is a text",
        ),
        (
            "match: {a: {kind: Dataset, scheme: {includes_all: [s3]}}}\n" + REPORT,
            "rule.yaml:8:37: `includes_all` needs texts, and `scheme` is a text",
        ),
        (
            "match: {a: {kind: FeatureView, entities: x}}\n" + REPORT,
            "rule.yaml:8:42: `entities` holds texts: use `includes_all`, `present`, `missing` or `unknown`",
        ),
        (
            "match: {a: {kind: Dataset, scheme: [s3, gs]}}\n" + REPORT,
            "rule.yaml:8:36: a list needs an operator: `{in: [...]}` or `{includes_all: [...]}`",
        ),
        (
            "match: {a: {kind: Dataset, scheme: unknown}}\n" + REPORT,
            "rule.yaml:8:36: to test for an unknown value write `{unknown: true}`",
        ),
        ("match: {a: {kind: Dataset, scheme: {present: false}}}\n" + REPORT, "rule.yaml:8:46: `present` takes `true`"),
        (
            'match: {a: {kind: FeatureView, refresh_seconds: "${wait}"}}\n' + REPORT,
            "rule.yaml:8:49: unknown option `wait`",
        ),
        (
            'options: {wait: soon}\nmatch: {a: {kind: FeatureView, refresh_seconds: "${wait}"}}\n' + REPORT,
            "rule.yaml:9:49: `refresh_seconds` is a number, and `soon` is not",
        ),
        ("match: {a: {scheme: s3}}\n" + REPORT, "rule.yaml:8:12: a node pattern has no `kind`"),
        ("match: {path: {kind: Dataset}}\n" + REPORT, "rule.yaml:8:9: `path` is a reserved word and names no variable"),
        (
            "match: {A: {kind: Dataset}}\n" + REPORT,
            "rule.yaml:8:9: `A` is no variable name: lower-case letters, digits and `_`",
        ),
        ("match: []\n" + REPORT, "rule.yaml:8:8: `match` must be a map, not a list"),
        (
            "match: {a: {kind: Dataset}, a: {kind: Model}}\n" + REPORT,
            "rule.yaml:8:29: duplicate key `a`, first on line 8",
        ),
        ("match: {a: {kind: Job, kind: ci}}\n" + REPORT, "rule.yaml:8:24: duplicate key `kind`, first on line 8"),
        (
            "match: {a: {kind: Dataset}, b: {kind: Model}}\n" + REPORT,
            "rule.yaml:8:8: nothing connects `b` with `a`: add a path, an edge or `same`",
        ),
        (
            "match: {a: {kind: Dataset}, b: {kind: Model}}\n"
            "path: {way: {from: a, to: b, along: [derives], optional: true}}\n" + REPORT,
            "rule.yaml:8:8: nothing connects `b` with `a`: add a path, an edge or `same`",
        ),
        (
            "match: {a: {kind: Dataset}}\npath: {way: {from: a, to: b, along: [derives]}}\n" + REPORT,
            "rule.yaml:9:27: unknown variable `b`; expected `a`",
        ),
        (
            "match: {a: {kind: Dataset}}\npath: {way: {from: a, to: a, along: [derive]}}\n" + REPORT,
            "rule.yaml:9:38: unknown edge kind `derive`; did you mean `derives`?",
        ),
        (
            "match: {a: {kind: Dataset}}\npath: {way: {from: a, to: a, along: [{derives: {scope: x}}]}}\n" + REPORT,
            "rule.yaml:9:49: unknown property `scope` of edge `derives`, which has none",
        ),
        (
            "match: {a: {kind: Dataset}}\npath: {way: {from: a, to: a, along: [derives], hops: 99}}\n" + REPORT,
            "rule.yaml:9:54: `hops` must be a whole number from 1 to 32",
        ),
        (
            "match: {a: {kind: Dataset}}\npath: {way: {from: {kind: Model}, to: {kind: Model}, along: [derives]}}\n"
            + REPORT,
            "rule.yaml:9:13: one of `from` and `to` must be a variable",
        ),
        (
            "match: {a: {kind: Dataset}}\npath: {a: {from: a, to: a, along: [derives]}}\n" + REPORT,
            "rule.yaml:9:8: path `a` has the name of a variable",
        ),
        (
            "match: {a: {kind: Dataset}}\nedge: [{from: a, to: a, typ: derives}]\n" + REPORT,
            "rule.yaml:9:25: unknown key `typ` in an edge; did you mean `type`?",
        ),
        (
            "relate: [{same: [a.pin]}]\n" + ONE,
            "rule.yaml:8:17: `same` compares two things, not 1",
        ),
        ("relate: [{same: [a, a]}]\n" + ONE, "rule.yaml:8:18: a side of `same` must be `variable.property`"),
        (
            "relate: [{alike: [a.pin, a.pin]}]\n" + ONE,
            "rule.yaml:8:11: unknown relation `alike`; expected `differ`, `distinct` or `same`",
        ),
        ("unless: [{b: {pin: unknown}}]\n" + ONE, "rule.yaml:8:11: unknown variable `b`; expected `a`"),
        ("unless: [{because: no reason}]\n" + ONE, "rule.yaml:8:10: a clause of `unless` tests nothing"),
        (
            "unless: [{a: {home: true}, edge: {from: a, to: a, type: derives}}]\n" + ONE,
            "rule.yaml:8:10: a clause of `unless` is tests, one edge, or one path; write two clauses",
        ),
        (
            "needs: [{evidence: owners, note: x}]\n" + ONE,
            "rule.yaml:8:20: unknown evidence `owners`; did you mean `ownership`?",
        ),
        ("check: no-such-check\n" + ONE, "rule.yaml:8:8: unknown check `no-such-check`"),
        ("on_unknown: high\n" + ONE, "rule.yaml:8:13: unknown `on_unknown` `high`; expected `drop` or `low`"),
        ("options: {wait: [1]}\n" + ONE, "rule.yaml:8:17: option `wait` must be a text, a number, true or false"),
        (
            "match: {a: {kind: Dataset}}\nreport: {at: b, message: m, remedy: r}\n",
            "rule.yaml:9:14: unknown variable `b`; expected `a`",
        ),
        (
            "match: {a: {kind: Dataset}}\nreport: {at: a, message: '{b.pin}', remedy: r}\n",
            "rule.yaml:9:26: unknown variable `b`; expected `a`",
        ),
        (
            "match: {a: {kind: Dataset}}\nreport: {at: a, message: '{a.pim}', remedy: r}\n",
            "rule.yaml:9:26: unknown property `pim` of Dataset; did you mean `pin`?",
        ),
        (
            "match: {a: {kind: Dataset}}\nreport: {at: a, message: '{a.pin|date}', remedy: r}\n",
            "rule.yaml:9:26: unknown format `date`; expected `count`, `duration` or `percent`",
        ),
        (
            "match: {a: {kind: Dataset}}\nreport: {at: a, message: '{a.pin|duration}', remedy: r}\n",
            "rule.yaml:9:26: `|duration` is for a number, and `pin` is a text",
        ),
        (
            "match: {a: {kind: Dataset}}\nreport: {at: a, message: '{a}', remedy: r}\n",
            "rule.yaml:9:26: `message` has a brace that belongs to no `{variable.property}`",
        ),
        (
            "match: {a: {kind: Dataset}}\nreport: {at: a, message: m, remedy: r, trace: [way]}\n",
            "rule.yaml:9:48: unknown path, edge or variable `way`; expected `a`",
        ),
        (
            "match: {a: {kind: Dataset}}\nreport: {at: a, message: m, remedy: r, role: a.pin}\n",
            "rule.yaml:9:46: `a.pin` holds no role",
        ),
        (
            "match: {a: {kind: Dataset}}\nreport: {at: a, message: m, remedy: r, cause: [a.pim]}\n",
            "rule.yaml:9:48: unknown property `pim` of Dataset; did you mean `pin`?",
        ),
        (
            "match: {a: {kind: Dataset}}\n"
            "report: {at: a, message: m, remedy: r, cases: [{variant: x, when: {a: {pin: no}}}]}\n",
            "rule.yaml:9:77: `no` reads as a truth value in YAML 1.1; quote it",
        ),
        ("match: &m {a: {kind: Dataset}}\n" + REPORT, "rule.yaml:8:8: an anchor is no part of the rule format"),
        ("match: !x {a: {kind: Dataset}}\n" + REPORT, "rule.yaml:8:8: a tag is no part of the rule format"),
        ("match:\n" + REPORT, "rule.yaml:8:7: the value is empty"),
        ("match: {<<: {a: 1}}\n" + REPORT, "rule.yaml:8:9: `<<` reads as a merge key in YAML 1.1; quote it"),
        ("options: {wait: 1_000}\n" + ONE, "rule.yaml:8:17: `1_000` reads as a number in YAML 1.1; quote it"),
        ("options: {wait: 2026-01-01}\n" + ONE, "rule.yaml:8:17: `2026-01-01` reads as a date in YAML 1.1; quote it"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(body: str, message: str) -> None:
    assert error(HEAD + body).startswith(message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "name: slow-endpoint",
            "name: Slow",
            "rule.yaml:1:7: `Slow` is no rule name: lower-case words joined with `-`",
        ),
        ("name: slow-endpoint", "name: fast", "rule.yaml:1:7: rule `fast` stands in the folder `slow-endpoint`"),
        ("severity: high", "severity: hihg", "rule.yaml:3:11: unknown severity `hihg`; did you mean `high`?"),
        ("confidence: high", "confidence: note", "rule.yaml:4:13: unknown confidence `note`; expected `high`, `low`"),
        ("since: 0.1.0", "since: 0.1", "rule.yaml:6:8: `since` must be a version of three numbers, such as 0.1.0"),
        ("stored.", "stored", "rule.yaml:7:10: `summary` must be one sentence that ends with a full stop"),
        ("severity: high\n", "", "rule.yaml:1:1: a rule has no `severity`"),
    ],
)
def test_wrong_metadata_is_an_error(old: str, new: str, message: str) -> None:
    assert error(HEAD.replace(old, new) + ONE).startswith(message)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_an_error_and_no_crash(opening: str) -> None:
    assert error("a: " + "\n" * (opening == "- ") + opening * 50_000).endswith("nested too deeply")


def test_rules_of_several_folders_are_sorted_and_carry_their_page(tmp_path: Path) -> None:
    write(tmp_path / "one", "slow-endpoint", HEAD + REQUEST, "# slow-endpoint\r\n\r\nText.\n")
    write(tmp_path / "two", "a-rule", HEAD.replace("slow-endpoint", "a-rule") + ONE)
    (tmp_path / "one" / "_drafts").mkdir()
    (tmp_path / "one" / "README.md").write_text("no rule")
    found = load_rules([tmp_path / "one", tmp_path / "two", tmp_path / "absent"])
    assert [each.name for each in found] == ["a-rule", "slow-endpoint"]
    assert found[1].page == "# slow-endpoint\n\nText.\n"


def test_two_rules_of_one_name_are_an_error(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write(tmp_path / folder, "slow-endpoint", HEAD + REQUEST)
    with pytest.raises(RuleError, match=r"rule `slow-endpoint` exists already in .*one"):
        load_rules([tmp_path / "one", tmp_path / "two"])


def test_a_folder_without_a_rule_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "slow-endpoint").mkdir()
    with pytest.raises(RuleError, match=r"rule\.yaml:1:1: cannot be read"):
        load_rules([tmp_path])


def test_no_link_leads_out_of_a_users_rules_folder(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", "slow-endpoint", HEAD + REQUEST)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "slow-endpoint").symlink_to(tmp_path / "elsewhere" / "slow-endpoint")
    with pytest.raises(RuleError, match="a link leads out of the rules folder"):
        load_rules([tmp_path / "rules"])


def test_our_own_rules_are_found() -> None:
    assert bundled_folder().name in ("rules", "_rules")


def test_an_option_changes_the_tests_that_name_it() -> None:
    changed = with_options(rule(), {"staleness_seconds": 60})
    assert changed.match["prediction"].tests[1].value == 60
    assert changed.options == {"staleness_seconds": 60}
    assert changed.match["endpoint"] == rule().match["endpoint"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"stalenes_seconds": 60},
            "unknown option `stalenes_seconds` of rule `slow-endpoint`; did you mean `staleness_",
        ),
        ({"staleness_seconds": "1h"}, "option `staleness_seconds` of rule `slow-endpoint` is a number, not `1h`"),
        ({"staleness_seconds": True}, "option `staleness_seconds` of rule `slow-endpoint` is a number, not `True`"),
    ],
)
def test_a_wrong_option_is_an_error(values: dict[str, str | int], message: str) -> None:
    with pytest.raises(RuleError) as caught:
        with_options(rule(), values)
    assert message in str(caught.value)


def test_two_is_a_valid_rule() -> None:
    assert rule(TWO).edges[0].edge == EdgePattern("calls")


def test_the_rule_of_the_documentation_is_a_rule() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "rule-language.md").read_text(encoding="utf-8")
    text = guide.partition("```yaml\n")[2].partition("```")[0]
    found = read_rule("docs", text.encode(), "stale-tolerant-realtime-endpoint")
    assert found.report.trace == ("request",)


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_documented(operator: str) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "rule-language.md").read_text(encoding="utf-8")
    assert f"{operator}:" in guide
