"""The public register on one page, the desk of an entity, and where a mine's material went.

It brings together what the apps below it keep, and keeps nothing itself.
"""
