"""Crosswalks between standards: pages, plans of one audit for several, gap reports."""
