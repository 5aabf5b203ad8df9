"""A linter for repositories that train, serve or call machine-learning models."""

__version__ = "0.1.0"
