"""Entities of the chain of custody and the certificates that they hold."""
