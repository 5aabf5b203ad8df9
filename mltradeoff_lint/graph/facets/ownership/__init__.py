"""Who is named for a part of the repository, and by what."""
