"""Of what a lot is made, and where a site's material went: exact shares of origin."""

from stannary.core.provenance.ancestry import Ancestry, Chain, ancestry, ancestry_of, chain_of
from stannary.core.provenance.links import Link, links, links_in
from stannary.core.provenance.shares import (
    Carried,
    Origin,
    Part,
    Trace,
    carried,
    carried_in,
    trace,
    trace_as_dict,
    trace_in,
)

__all__ = [
    "Ancestry",
    "Carried",
    "Chain",
    "Link",
    "Origin",
    "Part",
    "Trace",
    "ancestry",
    "ancestry_of",
    "carried",
    "carried_in",
    "chain_of",
    "links",
    "links_in",
    "trace",
    "trace_as_dict",
    "trace_in",
]
