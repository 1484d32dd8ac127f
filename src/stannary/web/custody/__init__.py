"""Lots and movements: the register's book, and the pages that show where a lot comes from."""
