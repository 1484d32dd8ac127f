"""The public check as a page and as an API; it stores nothing."""
