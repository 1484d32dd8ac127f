"""Claims about lots, and about what sites blended: made within what the trace supports, signed, logged, open to anybody."""
