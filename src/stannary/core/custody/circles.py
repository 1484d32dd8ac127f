"""Circles among events: lots that are, over some events, made from themselves."""

from collections.abc import Mapping, Sequence

from stannary.core.custody.events import Event


def circles(events: Sequence[Event], maker: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
    """Find the groups of events that feed one another in a circle.

    Tarjan's strongly connected components, with a stack of its own instead of recursion, so
    that a long chain does not end at the interpreter's limit.

    Args:
        events: In the order of replay.
        maker: Lot id to the index of the event that made it.

    Returns:
        Indices of events, ascending inside a circle; circles in the order of their first event.
    """
    feeds = [_feeds(event, maker) for event in events]
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    open_nodes: list[int] = []
    is_open: set[int] = set()
    found: list[tuple[int, ...]] = []
    for root in range(len(events)):
        if root in number:
            continue
        work = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                number[node] = low[node] = len(number)
                open_nodes.append(node)
                is_open.add(node)
            else:
                low[node] = min(low[node], low[feeds[node][position - 1]])
            while position < len(feeds[node]):
                other = feeds[node][position]
                position += 1
                if other not in number:
                    work += [(node, position), (other, 0)]
                    break
                if other in is_open:
                    low[node] = min(low[node], number[other])
            else:
                if low[node] == number[node]:
                    members = [open_nodes.pop()]
                    while members[-1] != node:
                        members.append(open_nodes.pop())
                    ring = tuple(sorted(members))
                    is_open.difference_update(ring)
                    if len(ring) > 1 or node in feeds[node]:
                        found.append(ring)
    return tuple(sorted(found))


def _feeds(event: Event, maker: Mapping[str, int]) -> list[int]:
    """The events whose lots an event uses."""
    if event.kind.is_credit:
        return []
    makers = {maker[row.lot]: None for row in event.inputs if row.lot in maker}
    return [index for index in makers if index >= 0]  # -1 made it before all of these
