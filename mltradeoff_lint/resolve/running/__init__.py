"""What runs code: entries, routes, schedules, workflows, who leads to a function, and what shares a process."""
