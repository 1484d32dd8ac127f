"""People, organisations and sites, and what may be done by whom."""
