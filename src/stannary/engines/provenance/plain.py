"""The loops of `loops` with arrays of numpy alone: slower, and equal."""

from collections.abc import Iterator

import numpy as np

from stannary.engines.provenance.compiling import Numbers


def edges_of(node: Numbers, places: Numbers) -> tuple[Numbers, Numbers]:
    """Give the edges of some nodes, and how many each has."""
    begins = node[places, 0].astype(np.int64)
    many = node[places + 1, 0].astype(np.int64) - begins
    ends = np.cumsum(many)
    return np.repeat(begins - ends + many, many) + np.arange(ends[-1] if len(ends) else 0), many


def backward(
    node: Numbers, source: Numbers, weight: Numbers, start: int
) -> tuple[int, Numbers, Numbers]:
    """Send one unit back from a node; give how many nodes were met, the sources and their amounts."""
    met = [np.array([start], np.int64)]
    front = met[0]
    known = front
    while len(front):
        edges, _ = edges_of(node, front)
        front = np.setdiff1d(source[edges].astype(np.int64), known)
        known = np.union1d(known, front)
    held = np.zeros(len(known))
    held[-1] = 1.0  # the start is the greatest
    edges, many = edges_of(node, known)
    froms = np.searchsorted(known, source[edges])
    parts = weight[edges]
    ends = np.cumsum(many)
    mixes = np.flatnonzero(many)
    for place in mixes[::-1].tolist():
        stretch = slice(ends[place] - many[place], ends[place])
        np.add.at(held, froms[stretch], held[place] * parts[stretch])
    sources = np.flatnonzero(many == 0)
    return len(known), known[sources], held[sources]


def layers(node: Numbers, source: Numbers, begin: int = 0) -> Iterator[Numbers]:
    """Give the mixes from a node on in layers: those of one need only what is before it."""
    total = len(node) - 1
    depth = np.zeros(total, np.int64)
    mixes = begin + np.flatnonzero(node[begin:total, 1] == 0)
    if not len(mixes):
        return
    edges, many = edges_of(node, mixes)
    froms, starts = source[edges], np.cumsum(many) - many
    while True:
        deeper = np.maximum.reduceat(depth[froms], starts) + 1
        if np.array_equal(deeper, depth[mixes]):
            break
        depth[mixes] = deeper
    order = np.argsort(depth[mixes], kind="stable")
    cuts = np.flatnonzero(np.diff(depth[mixes][order])) + 1
    for layer in np.split(order, cuts):
        yield mixes[layer]


def by_class(
    node: Numbers, source: Numbers, weight: Numbers, classes: Numbers, width: int
) -> Numbers:
    """Give the shares of classes for every node."""
    table = np.zeros((len(node) - 1, width))
    sources = np.flatnonzero(node[:-1, 1])
    which = classes[node[sources, 1] - 1]
    table[sources[which < width], which[which < width]] = 1.0
    for layer in layers(node, source):
        edges, many = edges_of(node, layer)
        parts = weight[edges, None] * table[source[edges]]
        table[layer] = np.add.reduceat(parts, np.cumsum(many) - many, axis=0)
    return table


def forward(node: Numbers, source: Numbers, weight: Numbers, carried: Numbers) -> None:
    """Write what part of each mix is of some sources."""
    for layer in layers(node, source):
        edges, many = edges_of(node, layer)
        parts = weight[edges] * carried[source[edges]]
        carried[layer] = np.add.reduceat(parts, np.cumsum(many) - many)


def by_origin(node: Numbers, source: Numbers, weight: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Give the shares of every origin for every node, one node after the other."""
    ids: list[Numbers] = []
    shares: list[Numbers] = []
    begins, origins = node[:, 0].tolist(), node[:, 1].tolist()
    for here in range(len(begins) - 1):
        if origins[here]:
            ids.append(np.array([origins[here] - 1], np.int64))
            shares.append(np.ones(1))
            continue
        edges = range(begins[here], begins[here + 1])
        froms = source[edges.start : edges.stop].tolist()
        parts = [weight[edge] * shares[one] for edge, one in zip(edges, froms, strict=True)]
        found, which = np.unique(np.concatenate([ids[one] for one in froms]), return_inverse=True)
        ids.append(found)
        shares.append(np.bincount(which, np.concatenate(parts)))
    ends = np.zeros(len(begins), np.int64)
    np.cumsum([len(one) for one in ids], out=ends[1:])
    nothing = np.zeros(0)
    return ends, np.concatenate([nothing.astype(int), *ids]), np.concatenate([nothing, *shares])
