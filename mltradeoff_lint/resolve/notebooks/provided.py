"""Names that a notebook server puts into every notebook, without an import."""

from __future__ import annotations

PROVIDED = {"dbutils": "dbutils"}
"""Name to access path; `dbutils` is there on Databricks."""
