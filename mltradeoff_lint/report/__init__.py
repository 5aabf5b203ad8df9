"""One module a format: a `Run` becomes text. Reporters know the result model and nothing else."""
