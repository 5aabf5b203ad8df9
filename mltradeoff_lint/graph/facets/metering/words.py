"""The words by which code reads what a model call used and what it cost."""

from __future__ import annotations

import re

TOKEN_FIELDS = frozenset((
    "usage", "usage_metadata", "token_usage", "prompt_tokens", "completion_tokens", "total_tokens", "input_tokens",
    "output_tokens", "inputTokens", "outputTokens", "totalTokens", "inputTokenCount", "outputTokenCount",
    "prompt_token_count", "candidates_token_count", "total_token_count", "eval_count", "prompt_eval_count",
    "billed_units", "token_counts", "input_token_count", "output_token_count", "llm_output", "usageMetadata",
    "accumulated_usage", "cached_tokens", "cacheReadInputTokens", "model_usage", "num_tokens", "tokens_used",
    "usage_metrics", "generated_tokens", "get_total_token_counts", "total_llm_token_count", "prompt_llm_token_count",
    "completion_llm_token_count", "gather_usage_summary", "get_token_usage_summary", "get_lm_usage",
    "inputTextTokenCount", "models_usage", "tokenMetadata", "token_count", "usage_info",
    "amazon-bedrock-invocationMetrics", "x-amzn-bedrock-input-token-count", "x-amzn-bedrock-output-token-count",
    "generated_token_count", "prompt_count", "completion_count", "audio_duration",
))  # fmt: skip
"""Attributes and keys that hold token counts in the responses of the SDKs."""

COST_FIELDS = frozenset(
    ("total_cost", "response_cost", "cost_usd", "total_price", "usd_cost", "total_cost_usd", "estimated_cost")
)
"""Attributes and keys that hold an amount of money."""

KEPT_COSTS = {"cost": "dspy.LM().history"}
"""Keys that hold one only in what a client keeps of its calls, by the access path of that."""

COST_FUNCTION = re.compile(
    r"(?:^|_)(?:costs?|prices?|pricing|billing|bill|spend|spending|budget|credits?|charge)(?:_|$)|cost$|Cost(?:$|[A-Z])|Price(?:$|[A-Z])",
)
"""Names of functions that may work out what a call costs: `calculate_price`, `estimate_llm_cost`, `track_spend`."""

COST_SUBJECT = re.compile(r"token|usage|llm|model|prompt|completion(?!s)", re.IGNORECASE)
"""What the cost of a model call is told from: without one of these words a price is that of a share or a ticket."""

TOKEN_FUNCTION = re.compile(
    r"(?:log|track|record|report|save|store|add|update|accumulate|emit|persist)\w*usage|"
    r"(?:log|track|record|report|emit|accumulate)\w*tokens?|usage_?(?:log|track|record|meter)|tokens?_?(?:usage|meter)",
    re.IGNORECASE,
)
"""Names of functions that record usage: `track_usage`, `record_tokens`, `add_token_usage`."""
