"""What runs code: entries, routes, schedules, workflows, and who leads to a function."""
