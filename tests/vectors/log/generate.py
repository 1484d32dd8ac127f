"""Write the log proofs anew: `python tests/vectors/log/generate.py`.

The key comes from a fixed seed and Ed25519 is deterministic, so the same file comes out each time.
"""

import json
import sys
from pathlib import Path

from stannary.core.transparency_log import Tree, leaf_hash, make_proof
from stannary.signing import key_from_seed, note_signer

HERE = Path(__file__).resolve().parent
LOG = note_signer("log.example/vectors", key_from_seed(b"log vectors, key of 32 bytes ..."))
SIZES = (1, 2, 3, 7, 8, 255, 256, 257, 1000)


def entry(index: int) -> bytes:
    """The entry at a place: its number in words of ASCII."""
    return f"entry {index}".encode("ascii")


def vectors() -> dict[str, object]:
    """Give a root and some proofs for each size."""
    cases = []
    for size in SIZES:
        tree = Tree(leaf_hash(entry(n)) for n in range(size))
        for index in sorted({0, size // 2, size - 1}):
            proof = make_proof(tree, index, origin=LOG.name, signers=[LOG])
            cases.append({"index": index, "size": size, "root": tree.root().hex(), "proof": proof})
    return {
        "about": "Entry n is the text 'entry n'; see generate.py.",
        "vkey": LOG.vkey,
        "proofs": cases,
    }


def text() -> str:
    """The file as it should be."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    (HERE / "proofs.json").write_text(text(), encoding="utf-8")
    sys.stdout.write("proofs.json\n")
