"""A libcst tree as an `ast` tree. All but `wire` import libcst, and only the child process imports them."""
