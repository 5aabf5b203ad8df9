"""The typed dependency graph: builders, facets and exports."""
