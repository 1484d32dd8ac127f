"""Pages of what the books come to: accounts of mass balance, and credits of book and claim."""
