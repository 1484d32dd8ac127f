"""What is signed, byte for byte, and the names of who signs; no keys."""
