"""Names that a notebook server puts into every notebook, without an import."""

from __future__ import annotations

from mltradeoff_lint.model.facts import PythonFacts

PROVIDED = {"dbutils": "dbutils"}
"""Name to access path; `dbutils` is there on Databricks."""

SESSION = "spark"
"""The name under which Databricks and the Spark kernels of Jupyter give the session."""
SESSION_PATH = "pyspark.sql.SparkSession()"

_SPARK = frozenset({"pyspark", "delta", "databricks"})
_SIGNS = frozenset({"dbutils", "display"})
"""Names of the notebook server: neither a class of Spark nor bound by the code that reads `spark`."""


def has_session(path: str, facts: PythonFacts) -> bool:
    """Whether `spark` is a session where nothing binds it: in a Databricks source, or beside a sign of Spark.

    Source: Databricks documentation, "Databricks notebooks": "a SparkSession is created for you, as `spark`".
    """
    if facts.is_databricks:
        return True
    if not path.endswith(".ipynb"):
        return False
    return any(not one.level and one.module.partition(".")[0] in _SPARK for one in facts.imports) or any(
        expr[0] == "name" and expr[1] in _SIGNS and not expr[2] for expr in facts.exprs
    )


def reads_session(path: str, facts: PythonFacts) -> bool:
    """Whether a module reads the session that its server gives it."""
    if not facts.is_databricks and not path.endswith(".ipynb"):
        return False
    return any(expr[:3] == ("name", SESSION, ()) for expr in facts.exprs) and has_session(path, facts)
