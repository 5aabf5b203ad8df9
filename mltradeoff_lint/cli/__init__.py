"""The command line: parses options, prints, exits; every decision about code is made below it."""
