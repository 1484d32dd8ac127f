"""Claims about lots: made within what the trace supports, signed, logged, open to anybody."""
