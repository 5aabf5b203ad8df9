"""Values of environment variables, by the unit that runs a module."""
