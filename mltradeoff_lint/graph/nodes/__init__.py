"""The families of nodes, which add their nodes and edges to the workspace's graph, and what they find them by."""
