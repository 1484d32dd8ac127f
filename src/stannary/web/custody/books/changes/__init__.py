"""What one booking changes in what the books come to."""
