"""What sites blended, for programs."""
