"""The rule language: rules are loaded, evaluated over the graph, explained and tested on their own pages."""
