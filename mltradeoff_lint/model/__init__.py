"""The shared types of every step: frozen data on the standard library only."""
