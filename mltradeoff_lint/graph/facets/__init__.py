"""One module or package a derived property; each answers satisfied, absent or unknown with its evidence."""
