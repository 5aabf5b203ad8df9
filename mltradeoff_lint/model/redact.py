"""Making text of a repository safe to repeat in a message: short, printable, and without secrets.

What a report says may end in a public log, so a literal is never quoted before it went through here. A false
alarm costs a few readable letters; a miss costs a key. All patterns are linear in the length of the text.
"""

from __future__ import annotations

import math
import re
from collections import Counter

MASK = "***"
_LONGEST = 20_000
"""Characters of a text that are looked at; the rest is cut, never repeated unread."""

_KNOWN = re.compile(
    r"(?<![A-Za-z0-9])("
    r"sk-(?:ant-|proj-|or-|lf-)?|pk-lf-|rk_live_|sk_live_|pk_live_|lsv2_(?:pt|sk)_|ls__|hf_|gh[pousr]_|github_pat_|glpat-|"
    r"xox[abeoprs]-|AIza|ya29\.|SG\.|npm_|pypi-|dop_v1_|r8_|gsk_|pplx-|tvly-|pcsk_|nvapi-|AKIA|ASIA|eyJ"
    r")[A-Za-z0-9_\-./+=]{8,}"
)
_URL_LOGIN = re.compile(
    r"(://)[^\s/@:'\"]{0,200}:[^\s/@'\"]{1,200}@|(?<!wasb)(?<!wasbs)(?<!abfs)(?<!abfss)(://)[^\s/@:'\"]{1,200}@"
)
"""A login before the host of a URL; what stands there in an Azure storage URL is the name of a container."""
_NAMED = re.compile(
    r"(?i)((?:[?&;]|(?<![a-z]))(?:[a-z0-9]{1,20}[_-]){0,3}"
    r"(?:api[_-]?key|apikey|access[_-]?key|account[_-]?key|secret|token|password|passwd|pwd|signature|sig|credential)"
    r"(?:[_-][a-z]{1,10}){0,2}[\"']?\s{0,4}[=:]\s{0,4}[\"']?)([^\s\"'&;,)}\]]{3,})"
)
_HARMLESS = re.compile(r"[$<{]|os\.|getenv|env\[|none|null|true|false|str\b|changeme|your[_-]|\*\*\*", re.IGNORECASE)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9_\-./+=]{12,}")
_PEM = re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?")
_TOKEN = re.compile(r"[A-Za-z0-9_+=\-]{24,}")
_DIGEST = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with control, bidirectional and invisible characters replaced by spaces."""
    return _CONTROL.sub(" ", text)


def shorten(text: str, limit: int = 80) -> str:
    """One printable line of at most `limit` characters; a cut shows as `...` at the end."""
    line = " ".join(printable(text[: max(limit, 0) * 20 + 200]).split())
    if len(line) <= limit and len(text) <= max(limit, 0) * 20 + 200:
        return line
    return _to_word(line, max(limit - 3, 0)) + "..."[: max(limit, 0)]


def _to_word(line: str, limit: int) -> str:
    """The start of a line up to the end of a word, as far as that leaves most of what fits."""
    kept = line[:limit]
    end = kept.rfind(" ")
    is_inside = line[limit : limit + 1] not in ("", " ") and end * 4 >= limit * 3
    return (kept[:end] if is_inside else kept).rstrip()


def redact(text: str) -> str:
    """The text with everything that looks like a secret masked.

    Masks keys of known shape, logins in URLs, values behind names such as `api_key` or `token=`, private keys,
    and long tokens of high entropy. Content digests of 32, 40 or 64 hexadecimal digits and UUIDs stay: they are
    versions, and the reader needs them.
    """
    masked = _PEM.sub(MASK, text[:_LONGEST])
    masked = _URL_LOGIN.sub(lambda found: f"{found[1] or found[2]}{MASK}@", masked)
    masked = _KNOWN.sub(lambda found: found[1] + MASK, masked)
    masked = _BEARER.sub(lambda found: f"{found[1]} {MASK}", masked)
    masked = _NAMED.sub(_mask_value, masked)
    masked = _TOKEN.sub(lambda found: MASK if _is_random(found[0]) else found[0], masked)
    return masked if len(text) <= _LONGEST else masked + "..."


def quoted(text: str, limit: int = 80) -> str:
    """What a message may repeat of a literal: redacted first, so that a cut never uncovers half a secret."""
    return shorten(redact(text), limit)


def _mask_value(found: re.Match[str]) -> str:
    return found[0] if _HARMLESS.match(found[2]) else found[1] + MASK


def _is_random(token: str) -> bool:
    """Whether a token has the mixed alphabet and entropy of a generated key (3.5 bits a character and up)."""
    if _DIGEST.fullmatch(token) or _UUID.fullmatch(token):
        return False
    if not (any(map(str.isdigit, token)) and any(map(str.isalpha, token))):
        return False
    longest = max(len(part) for part in re.split(r"[_\-=+]", token))
    if longest < 20:
        return False
    counts = Counter(token)
    entropy = -sum(count / len(token) * math.log2(count / len(token)) for count in counts.values())
    return entropy >= 3.5
