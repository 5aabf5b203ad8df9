"""One module a derived property; each answers satisfied, absent or unknown with its evidence."""
