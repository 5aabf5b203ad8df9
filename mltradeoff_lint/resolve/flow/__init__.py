"""Backward dataflow: what a value is made of."""
