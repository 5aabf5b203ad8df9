"""Whether a report is coloured: one function, because click asks no environment variable and libraries disagree."""

from __future__ import annotations

from collections.abc import Mapping

CHOICES = ("auto", "always", "never")


def wants_colour(choice: str, environment: Mapping[str, str], is_terminal: bool) -> bool:
    """Whether to colour what is written.

    An explicit `--color always|never` wins. On `auto`: a non-empty NO_COLOR says no (no-color.org), FORCE_COLOR
    other than 0 says yes (force-color.org), TERM=dumb and a CI log say no, and then a terminal says yes.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    if environment.get("TERM") == "dumb" or environment.get("CI"):
        return False
    return is_terminal
