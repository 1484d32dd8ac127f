"""Keys and signatures: the only place that touches cryptography."""
