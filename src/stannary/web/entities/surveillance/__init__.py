"""Surveillance of certificates: when it is due, who is reminded, what was found."""
