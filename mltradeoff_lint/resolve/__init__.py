"""The whole-program step: facts of all files to names, values, receivers, calls, dataflow and roles."""
