"""Bytes to core objects and back: packs, tables of ratings and movements, canonical JSON."""
