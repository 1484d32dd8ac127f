"""Facilities: the places of organisations that are no mine sites, where material is kept or worked."""
