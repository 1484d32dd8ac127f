"""Conversion factors: stated by an entity or a secretariat, approved by a secretariat, public."""
