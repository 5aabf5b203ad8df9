"""Tests describe behaviour; one folder a step."""
