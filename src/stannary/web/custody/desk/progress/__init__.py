"""How far a job is with a file."""
