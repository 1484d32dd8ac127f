"""Engagements: a site's way from self-assessment to reassessment, act by act."""
