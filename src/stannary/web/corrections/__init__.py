"""Corrections: findings of audits, what the site does about them, and whether it lasted."""
