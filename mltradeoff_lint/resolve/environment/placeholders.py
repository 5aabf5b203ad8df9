"""Values that ask to be replaced: what a template file or a default holds where the real one is private."""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(
    r"<[^<>]*>|\[[A-Z_ ]+\]|\{[A-Za-z_ ]+\}|.*\byour[-_ ].*|.*path/to/.*|x{3,}.*|\.{3}|"
    r".*\bmy[-_ ][\w-]*(?:key|token|secret|password|account)\b.*|"
    r".*(?:change|replace|fill)[-_ ]?(?:me|this|in)\b.*|to[-_ ]?do|placeholder|none|null|",
    re.IGNORECASE,
)


def is_placeholder(value: str) -> bool:
    """Whether a value stands for one that only a user has: `changeme`, `<your key>`, `your-endpoint-here`, or none."""
    return _PLACEHOLDER.fullmatch(value.strip()) is not None
