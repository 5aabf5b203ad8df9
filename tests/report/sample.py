"""A hand-built run over a small repository in memory: what every reporter test prints."""

from __future__ import annotations

from mltradeoff_lint.model.finding import (
    Confidence,
    Coverage,
    Finding,
    Notification,
    Persona,
    RuleInfo,
    Run,
    Severity,
    Step,
    Suppression,
)
from mltradeoff_lint.model.source import Location

FILES: dict[str, str] = {
    "churn/train.py": (
        "import pandas as pd\n"
        "from xgboost import XGBClassifier\n"
        "\n"
        'frame = pd.read_csv("s3://acme-lake/churn/latest.csv")\n'
        "model = XGBClassifier().fit(frame, frame.pop('left'))\n"
        'naïve = "größer"; model.save_model("models/churn.ubj")\n'
    ),
    "churn/serve.py": (
        "from fastapi import FastAPI\n"
        "\n"
        "app = FastAPI()\n"
        "\n"
        '@app.get("/churn/{customer}")\n'
        "def churn(customer: str) -> float:\n"
        "\treturn model.predict_proba(store.get_online_features(entity_rows=[{'customer': customer}]))[0]\n"
    ),
    "notes/broken nb.ipynb": "{ not json\n",
    "blend.py": "scores = (a.predict(x) + b.predict(x)) / 2\n",
}


def place(path: str, needle: str, note: str = "") -> Location:
    """The location of the first occurrence of `needle` in a sample file."""
    for number, line in enumerate(FILES[path].split("\n"), 1):
        if needle in line:
            start = line.index(needle)
            end = start + len(needle)
            return Location(path, number, start + 1, number, end + 1, line, note, (start, end))
    raise ValueError(f"{needle!r} is not in {path}")


def rule(name: str, group: str, severity: Severity, summary: str, description: str) -> RuleInfo:
    """A rule with a page made of its texts."""
    return RuleInfo(
        name,
        group,
        severity,
        Persona.REGULAR,
        summary,
        description,
        f"# {name}\n\n{summary}\n\n{description}\n",
    )


RULES = (
    rule(
        "ensemble-without-owner",
        "complexity-vs-maintainability",
        Severity.MEDIUM,
        "An ensemble that nobody is named for",
        "Several models behind one answer fail in ways none of them shows alone, and nobody is asked.",
    ),
    rule(
        "stale-features-realtime",
        "batch-vs-realtime",
        Severity.MEDIUM,
        "An endpoint that computes per request what changes once a day",
        "The request path pays latency and uptime for an answer that a table could hold.",
    ),
    rule(
        "unversioned-data",
        "data-quantity-vs-quality",
        Severity.HIGH,
        "Training reads data whose content can change under the same name",
        "A model cannot be reproduced, compared or rolled back when its input moved.",
    ),
)

UNVERSIONED = Finding(
    rule="unversioned-data",
    group="data-quantity-vs-quality",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.REGULAR,
    claim="XGBClassifier.fit learns from s3://acme-lake/churn/latest.csv, whose content can change under this name",
    remedy="Read one version: add storage_options={'version_id': '...'} or track the file with DVC",
    location=place("churn/train.py", 'pd.read_csv("s3://acme-lake/churn/latest.csv")'),
    fingerprint="unversioned-data/implicit/3f1c",
    variant="implicit",
    trace=(
        Step(
            place("churn/train.py", "s3://acme-lake/churn/latest.csv"),
            "an object with no version in its name",
        ),
        Step(place("churn/train.py", "frame = pd"), "frame holds it"),
        Step(place("churn/train.py", "XGBClassifier().fit"), "learns from frame"),
    ),
    related=tuple(
        Step(place("churn/train.py", needle), words)
        for needle, words in (
            ("frame.pop('left')", "the label comes from it [too](1)"),
            ("import pandas", "read with pandas"),
            ("from xgboost", "learnt with xgboost"),
            ("naïve", "named"),
            ('model.save_model("models/churn.ubj")', "saved"),
            ("s3://acme-lake", "the bucket"),
        )
    ),
    owner="@acme/churn (CODEOWNERS:3)",
    facts=(
        ("identity", "s3://acme-lake/churn/latest.csv"),
        ("pin", "mutable-implicit"),
    ),
)

STALE = Finding(
    rule="stale-features-realtime",
    group="batch-vs-realtime",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.REGULAR,
    claim="GET /churn/{customer} scores on request with features that change once a day",
    remedy="Score in the daily job and let the endpoint look the score up",
    location=place("churn/serve.py", "model.predict_proba"),
    fingerprint="stale-features-realtime//91aa",
    trace=(
        Step(place("churn/serve.py", '@app.get("/churn/{customer}")'), "the route"),
        Step(
            place("churn/serve.py", "store.get_online_features"),
            "reads stored features",
        ),
    ),
)

SUPPRESSED = Finding(
    rule="ensemble-without-owner",
    group="complexity-vs-maintainability",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.REGULAR,
    claim="a mean of two models has no owner",
    remedy="Name a team for blend.py in CODEOWNERS",
    location=place("blend.py", "(a.predict(x) + b.predict(x)) / 2"),
    fingerprint="ensemble-without-owner//c0de",
    suppressed=Suppression("comment", "retired in March", place("blend.py", "scores")),
)

RUN = Run(
    root="churn",
    version="0.1.0",
    as_of="2026-11-21",
    findings=(UNVERSIONED, STALE, SUPPRESSED),
    hidden={"suppressed": 1, "pedantic": 2},
    notifications=(
        Notification(
            "warning",
            "not valid JSON: line 1 column 3",
            Location("notes/broken nb.ipynb", 1, 1, 1, 1),
        ),
        Notification(
            "note",
            "no CODEOWNERS file: who owns an ensemble is not judged",
            None,
            "ensemble-without-owner",
        ),
    ),
    rules=RULES,
    coverage=Coverage(
        files={"python": 3, "notebook": 1},
        unread=1,
        unknown={"stale-features-realtime": {"refresh not known": 2, "key escapes": 1}},
        lines=("cost evidence: 61 metered, 22 unmetered, 15 unknown of 98 calls",),
    ),
    revision="0123456789abcdef0123456789abcdef01234567",
    repository="https://user:token@git.example.org/acme/churn.git",
)
