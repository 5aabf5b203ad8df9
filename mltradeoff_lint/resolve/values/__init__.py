"""What expressions can be: literals, texts, paths, containers and what operators make of them."""
