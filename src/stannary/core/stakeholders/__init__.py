"""Stakeholders: what groups of people said in an audit and what became of it, without identities."""

from stannary.core.stakeholders.entries import (
    SMALLEST_GROUP,
    TEXT_MAX,
    Channel,
    Disposition,
    Entry,
    Group,
    PublicEntry,
    check_entry,
    check_published,
    contacts_in,
    decide,
    publish_entry,
    smallest_group,
)

__all__ = [
    "SMALLEST_GROUP",
    "TEXT_MAX",
    "Channel",
    "Disposition",
    "Entry",
    "Group",
    "PublicEntry",
    "check_entry",
    "check_published",
    "contacts_in",
    "decide",
    "publish_entry",
    "smallest_group",
]
