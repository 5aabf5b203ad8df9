"""Platforms: one module a tool, what its configuration file declares about running code, from that one file.

Each module has `applies(path, facts) -> bool` and `read(facts) -> tuple[Declaration, ...]`, and knows no other;
`tracing` then derives what their variables and commands switch on. Joining files is the work of `resolve`.
"""

from __future__ import annotations

from collections.abc import Callable

from mltradeoff_lint.model.declarations import Declaration
from mltradeoff_lint.model.facts import FileFacts
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.platforms import (
    azureml,
    backstage,
    cloudformation,
    compose,
    databricks,
    dbt,
    dockerfile,
    dotenv,
    dvc,
    feast,
    github_actions,
    helm,
    k8s,
    kedro,
    langgraph,
    litellm_proxy,
    ploomber,
    prefect,
    procfile,
    ray,
    serverless,
    tracing,
)

_Reads = tuple[str, Callable[[str, FileFacts], bool], Callable[[FileFacts], tuple[Declaration, ...]]]

PLATFORMS: tuple[_Reads, ...] = tuple(
    (module.__name__.rsplit(".", 1)[-1], module.applies, module.read)
    for module in (
        azureml,
        backstage,
        cloudformation,
        compose,
        databricks,
        dbt,
        dockerfile,
        dotenv,
        dvc,
        feast,
        github_actions,
        helm,
        k8s,
        kedro,
        langgraph,
        litellm_proxy,
        ploomber,
        prefect,
        procfile,
        ray,
        serverless,
    )
)
"""Name, `applies` and `read` of every platform, sorted by name."""


def declarations(
    facts: FileFacts, platforms: tuple[_Reads, ...] = PLATFORMS
) -> tuple[tuple[Declaration, ...], tuple[Problem, ...]]:
    """Everything one file declares, and a CRASH problem for each platform that failed on it; never raises."""
    if facts.content is None:
        return (), ()
    found: list[Declaration] = []
    problems: list[Problem] = []
    for name, applies, read in platforms:
        try:
            if applies(facts.path, facts):
                found += read(facts)
        except Exception as error:
            words = f"the {name} platform failed: {type(error).__name__}"
            problems.append(Problem.of_file(ProblemKind.CRASH, facts.path, words))
    found += tracing.instrumentations(found)
    return tuple(found), tuple(problems)
