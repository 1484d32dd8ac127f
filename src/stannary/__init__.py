"""Stannary: measure mines against public standards, follow their material, check every claim."""

__version__ = "0.1.0"
