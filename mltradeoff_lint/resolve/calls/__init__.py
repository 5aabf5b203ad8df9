"""Who calls what with which arguments, and what a call gives."""
