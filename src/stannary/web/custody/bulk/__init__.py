"""Many rows put into a table at once."""
