"""Loops that append to the graph, and that go over its events in their order."""

# ruff: noqa: PLR0917 - compiled loops take neither keywords nor records

from stannary.engines.provenance.compiling import Numbers, bare


@bare
def _look(
    begin: int,
    end: int,
    used: Numbers,
    used_content: Numbers,
    node_of: Numbers,
    maker: Numbers,
    depth: Numbers,
) -> tuple[float, int, bool]:
    """Give the content of what an event uses, the greatest depth in it, and whether all is of one node."""
    total, deepest, alike = 0.0, -1, True
    for place in range(begin, end):
        from_ = used[place]
        total += used_content[place]
        deepest = max(deepest, int(depth[maker[from_]]))
        alike = alike and node_of[from_] == node_of[used[begin]]
    return total, deepest, alike


@bare
def grow(
    uses: Numbers,
    makes: Numbers,
    used: Numbers,
    used_mass: Numbers,
    used_content: Numbers,
    origin: Numbers,
    begins: tuple[int, int, int, int],
    node: Numbers,
    source: Numbers,
    weight: Numbers,
    node_of: Numbers,
    maker: Numbers,
    lot_of: Numbers,
    depth: Numbers,
    mass_left: Numbers,
    content_left: Numbers,
) -> tuple[int, int]:
    """Append the nodes and edges of a batch; give how many nodes and edges there are then.

    `uses` and `makes` count the rows of `used` and the lots of each event. `origin`, of each lot that is made,
    is one more than its origin, or 0 for a mix. `begins`: how many lots, events, nodes and edges there are.
    """
    lot, event, many, edges = begins
    row, first = 0, lot
    for here in range(uses.shape[0]):
        begin, row = row, row + int(uses[here])
        for place in range(begin, row):
            mass_left[used[place]] -= used_mass[place]
            content_left[used[place]] -= used_content[place]
        total, deepest, alike = _look(begin, row, used, used_content, node_of, maker, depth)
        depth[event] = deepest + 1
        outs = int(makes[here])
        if begin == row:
            for _ in range(outs):
                node[many, 1] = origin[lot - first]
                lot_of[many] = lot
                node_of[lot] = many
                maker[lot] = event
                many += 1
                node[many, 0] = edges
                lot += 1
        elif outs:
            mixed = int(node_of[used[begin]])
            if not alike:
                mixed = many
                node[many, 1] = 0
                lot_of[many] = lot
                for place in range(begin, row):
                    source[edges] = node_of[used[place]]
                    weight[edges] = used_content[place] / total
                    edges += 1
                many += 1
                node[many, 0] = edges
            for _ in range(outs):
                node_of[lot] = mixed
                maker[lot] = event
                lot += 1
        event += 1
    return many, edges


@bare
def take_away(used: Numbers, much: Numbers, left: Numbers) -> None:
    """Take what was used from what is left."""
    for row in range(used.shape[0]):
        left[used[row]] -= much[row]


@bare
def descend(begins: Numbers, makes: Numbers, used: Numbers, lots: Numbers, events: Numbers) -> None:
    """Mark what was made of the lots that are marked, and every event that used one of them."""
    for event in range(events.shape[0]):
        here = 0
        for row in range(begins[event], begins[event + 1]):
            here |= lots[used[row]]
        if here:
            events[event] = 1
            for lot in range(makes[event], makes[event + 1]):
                lots[lot] = 1


@bare
def ascend(begins: Numbers, makes: Numbers, used: Numbers, lots: Numbers, events: Numbers) -> None:
    """Mark what the lots that are marked were made of, and the events that made them."""
    for event in range(events.shape[0] - 1, -1, -1):
        here = 0
        for lot in range(makes[event], makes[event + 1]):
            here |= lots[lot]
        if here:
            events[event] = 1
            for row in range(begins[event], begins[event + 1]):
                lots[used[row]] = 1
