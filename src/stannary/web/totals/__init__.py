"""Totals of a mine's material: entered in the public log, with a receipt for each holder."""
