"""Options of programs and the command lines of the repository that set them."""
