"""A holder's receipt of a made-up mine's total as a file, its entry being number 5 of 11 in a log."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from core.totals.trees import made
from formats import claim_files as case
from stannary.core.totals import Receipt
from stannary.core.transparency_log import Tree, leaf_hash, make_proof
from stannary.formats.total_receipt import receipt_text

HOLDER = "Example Refining"
TOTAL, RECEIPTS = made()


def entries(entry: bytes, *more: bytes) -> list[bytes]:
    """The log with an entry at its place, and what came later."""
    found = [b"entry %d" % n for n in range(11)]
    found[5] = entry
    return [*found, *more]


def receipt_file(receipt: Receipt = RECEIPTS[HOLDER]) -> str:
    """The file of a receipt, whatever it says."""
    return receipt_text(receipt, proof=_proof(receipt.entry), log_vkey=case.LOG.vkey)


@cache
def _proof(entry: bytes) -> str:
    tree = Tree(leaf_hash(one) for one in entries(entry))
    return make_proof(tree, 5, origin=case.LOG.name, signers=[case.LOG])


def put(path: Sequence[str | int], value: Any) -> str:
    """The file with something else at a place."""
    content: Any = json.loads(receipt_file())
    spot = content
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    return json.dumps(content)
