"""Template tags of the custody app."""
