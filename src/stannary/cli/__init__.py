"""The command line: score, balance, trace, verify, standards, on files and without a database."""
