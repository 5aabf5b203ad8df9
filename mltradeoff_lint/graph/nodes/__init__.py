"""One module a family of nodes; each adds its nodes and edges to the workspace's graph."""
