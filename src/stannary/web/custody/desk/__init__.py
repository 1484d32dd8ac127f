"""The desk of a clerk: what an organisation holds, forms to fill in, files to book, files to take away."""
