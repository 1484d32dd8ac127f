"""Periods of an organisation's accounts: prepared by one person, closed by another."""
