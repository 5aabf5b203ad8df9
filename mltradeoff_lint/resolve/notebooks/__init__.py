"""What a notebook takes from outside its cells: names of what it runs, of its server, and parameters."""
