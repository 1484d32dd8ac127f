"""The transparency log app."""
