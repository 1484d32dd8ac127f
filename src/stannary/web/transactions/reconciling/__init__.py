"""Reconciliation: our statement of account held against that of the other party."""
