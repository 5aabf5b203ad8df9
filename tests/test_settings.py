"""Settings: where they are read from, what they may say, and how errors help."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.declared import Gateway, Meter, RolePath
from mltradeoff_lint.model.finding import Confidence, Severity
from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.settings import PathIgnore, Settings, load

RULES = {"unversioned-data": {"minimum": 3, "strict": False}, "missing-cost-instrumentation": {}, "other-rule": {}}


def _load(files: dict[str, str], explicit: str | None = None) -> Settings:
    return load(lambda path: files[path].encode() if path in files else None, explicit, RULES)


def _own(text: str) -> Settings:
    return _load({"mltradeoff.toml": text})


def test_without_a_file_the_defaults_hold() -> None:
    settings = _load({})
    assert (settings.fail_on, settings.min_confidence) == (Severity.HIGH, Confidence.MEDIUM)
    assert settings.origin("fail-on") == "default"


def test_pyproject_is_read_from_its_tool_table() -> None:
    settings = _load({"pyproject.toml": '[tool.mltradeoff-lint]\nfail-on = "low"\n'})
    assert (settings.fail_on, settings.origin("fail-on")) == (Severity.LOW, "pyproject.toml")


def test_a_pyproject_of_another_tool_changes_nothing_even_when_it_is_broken() -> None:
    assert _load({"pyproject.toml": "[tool.other\n"}) == _load({})


def test_the_own_file_wins_over_pyproject_and_says_so() -> None:
    settings = _load({"mltradeoff.toml": "pedantic = true\n", "pyproject.toml": "[tool.mltradeoff-lint]\n"})
    assert settings.pedantic
    assert settings.notes == ("mltradeoff.toml is used; [tool.mltradeoff-lint] in pyproject.toml is passed over",)


def test_a_named_file_is_read_instead_of_both() -> None:
    files = {"mltradeoff.toml": "pedantic = true\n", "ci/strict.toml": 'min-confidence = "low"\n'}
    settings = _load(files, "ci/strict.toml")
    assert not settings.pedantic
    assert settings.min_confidence is Confidence.LOW
    with pytest.raises(UsageError, match=r"settings file missing\.toml does not exist"):
        _load(files, "missing.toml")


def test_every_table_is_read() -> None:
    settings = _own(
        """
        select = ["build-vs-buy", "unversioned-data"]
        ignore = ["other-rule"]
        fail-on = "never"
        include-examples = true
        exclude = ["vendor/"]
        [per-path-ignores]
        "tests/**" = {rules = ["unversioned-data"], reason = "fixtures"}
        [severity]
        other-rule = "low"
        [rules.unversioned-data]
        minimum = 5
        [declare]
        gateway = [{base-url = "https://gw", meters = ["tokens", "cost"]}]
        meters = [{function = "app.meter.record", facets = ["cost"]}]
        freshness = {"/score" = "5s", churn = "1h30m"}
        owners = {"models/**" = "@team"}
        roles = [{path = "jobs/**", role = "scheduled"}]
        tenancy = "multi"
        evals = "external"
        daily-requests = 1000
        """
    )
    assert settings.fail_on is None
    assert settings.per_path_ignores == (PathIgnore("tests/**", ("unversioned-data",), "fixtures"),)
    assert settings.severity == {"other-rule": Severity.LOW}
    assert settings.rules == {"unversioned-data": {"minimum": 5}}
    assert settings.declare.gateway == (Gateway("https://gw", ("tokens", "cost")),)
    assert settings.declare.meters == (Meter("app.meter.record", ("cost",)),)
    assert settings.declare.freshness == {"/score": 5, "churn": 5400}
    assert settings.declare.roles == (RolePath("jobs/**", "scheduled"),)
    assert (settings.declare.tenancy, settings.declare.daily_requests) == ("multi", 1000)
    assert settings.origin("declare.gateway") == "mltradeoff.toml"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selekt = []", "mltradeoff.toml: unknown key selekt; did you mean select?"),
        (
            'select = ["unversioned-dta"]',
            "unknown rule or group 'unversioned-dta' in select; did you mean unversioned-data",
        ),
        ('select = ["build-vs-bye"]', "did you mean build-vs-buy?"),
        ('fail-on = "hihg"', "fail-on is 'hihg', which is none of note, low, medium, high, never; did you mean high?"),
        ("pedantic = 1", "pedantic must be true or false"),
        ('exclude = "a"', "exclude must be a list of texts"),
        ('[severity]\nnope = "low"', "unknown rule 'nope' in severity"),
        ('[severity]\nother-rule = "loud"', "severity.other-rule is 'loud'"),
        ('[per-path-ignores]\n"a" = {rules = ["other-rule"]}', 'per-path-ignores."a" must be given a reason'),
        ('[per-path-ignores]\n"a" = ["other-rule"]', 'per-path-ignores."a" must be a table'),
        (
            '[per-path-ignores]\n"a" = {rule = [], reason = "x"}',
            'unknown key per-path-ignores."a".rule; did you mean rules',
        ),
        (
            "[rules.unversioned-data]\nminimun = 1",
            "unknown option rules.unversioned-data.minimun; did you mean minimum?",
        ),
        ("[rules.unversioned-data]\nminimum = true", "rules.unversioned-data.minimum must be a whole number"),
        ("[rules.unversioned-data]\nstrict = 1", "rules.unversioned-data.strict must be true or false"),
        ("[declare]\ngatway = []", "unknown key declare.gatway; did you mean gateway?"),
        ('[declare]\ngateway = [{base-url = "x"}]', "declare.gateway[0] must be given meters"),
        ('[declare]\nmeters = [{function = "f", facets = ["token"]}]', "did you mean tokens?"),
        ('[declare]\nfreshness = {a = "soon"}', "declare.freshness.a must be a duration"),
        ('[declare]\ntenancy = "many"', "declare.tenancy is 'many'"),
        ("[declare]\ndaily-requests = -1", "declare.daily-requests must be a whole number of at least 0"),
        ("declare = 3", "declare must be a table"),
    ],
)
def test_a_wrong_setting_is_an_error_that_names_file_key_and_nearest_word(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        _own(text)
    assert str(caught.value).startswith("mltradeoff.toml: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"a = 1\nb = = 2\n", "mltradeoff.toml:2: invalid TOML"),
        (b"a = [", "mltradeoff.toml:1: invalid TOML"),
        (b"a = 1\n\xff", "mltradeoff.toml:2: not UTF-8"),
        (b"a = " + b"[" * 5000, "mltradeoff.toml"),
    ],
)
def test_invalid_toml_is_an_error_with_its_line(data: bytes, place: str) -> None:
    with pytest.raises(UsageError) as caught:
        load({"mltradeoff.toml": data}.get, None, RULES)
    assert str(caught.value).startswith(place)


def test_command_line_options_win_and_add_to_lists() -> None:
    settings = _own('ignore = ["other-rule"]\nfail-on = "low"\nselect = ["build-vs-buy"]\n')
    changed = settings.with_options(
        ignore=("unversioned-data",), select=["missing-cost-instrumentation"], fail_on="medium", pedantic=None
    )
    assert changed.ignore == ("other-rule", "unversioned-data")
    assert changed.select == ("missing-cost-instrumentation",)
    assert changed.fail_on is Severity.MEDIUM
    assert (changed.origin("fail-on"), changed.origin("pedantic")) == ("command line", "default")
    assert settings.fail_on is Severity.LOW


def test_a_wrong_option_is_an_error_of_the_command_line() -> None:
    with pytest.raises(UsageError, match=r"command line: unknown rule or group 'nope'"):
        _load({}).with_options(select=["nope"])


def test_a_rule_runs_by_name_or_group_and_a_name_wins_over_a_group() -> None:
    settings = _own('select = ["build-vs-buy", "other-rule"]\nignore = ["batch-vs-realtime", "unversioned-data"]\n')
    assert settings.selects("any-rule", "build-vs-buy")
    assert settings.selects("other-rule", "batch-vs-realtime")
    assert not settings.selects("any-rule", "batch-vs-realtime")
    assert not settings.selects("unversioned-data", "build-vs-buy")
    assert not settings.selects("any-rule", "automation-vs-oversight")
    assert _own('ignore = ["unused-suppression"]\n').selects("any-rule", "build-vs-buy")
