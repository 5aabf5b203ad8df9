"""What functions do: their results, what their parameters reach, and what they do besides, over the call graph."""
