"""The attestations app."""
