"""`python -m mltradeoff_lint` is the `mltradeoff-lint` command."""

from mltradeoff_lint.cli.main import main

main()
