"""Which models a combined prediction is made of, and whether it is kept."""
