"""Engines: the rules of core for very many records at once. Each agrees with core and decides nothing itself."""
