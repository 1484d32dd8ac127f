"""The state of the books: what is kept of each lot, account and credit, so that nothing is replayed."""
