"""Of what a lot is made, and where a site's material went: exact shares of origin."""

from stannary.core.provenance.ancestry import Ancestry, Chain, ancestry, ancestry_of, chain_of
from stannary.core.provenance.engine import RECYCLED, UNKNOWN, Engine, Exact, Shares, Source
from stannary.core.provenance.links import Link, links, links_in
from stannary.core.provenance.passing import Passing, passing, passing_nearly
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
    "RECYCLED",
    "UNKNOWN",
    "Ancestry",
    "Carried",
    "Chain",
    "Engine",
    "Exact",
    "Link",
    "Origin",
    "Part",
    "Passing",
    "Shares",
    "Source",
    "Trace",
    "ancestry",
    "ancestry_of",
    "carried",
    "carried_in",
    "chain_of",
    "links",
    "links_in",
    "passing",
    "passing_nearly",
    "trace",
    "trace_as_dict",
    "trace_in",
]
