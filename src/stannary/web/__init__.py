"""The website: thin Django apps around the core."""
