"""Stakeholder input: what groups said in an audit and what became of it, without identities."""
