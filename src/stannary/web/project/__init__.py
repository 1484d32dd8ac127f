"""Settings, addresses, the design system and what all pages share."""
