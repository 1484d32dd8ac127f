"""The rules: standard library only, no clock, no files, no network, no float."""
