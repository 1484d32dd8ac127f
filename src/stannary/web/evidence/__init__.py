"""Evidence: files and links that show that demands are met, in every version, for whom they are."""
