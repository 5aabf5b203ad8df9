"""Triage: where findings stand, what identifies them, and which are hidden and why."""
