"""The claims app."""
