"""What a transparency log and its proofs must hold, in the order checked.

Rules: LOG-001 to LOG-016.
"""

from stannary.core.kernel import Rule, gettext_noop

_MADE_AGAIN = gettext_noop("Ask whoever gave you the file for an unchanged copy.")

ENTRY_FITS = Rule(
    code="LOG-001",
    demand=gettext_noop("An entry of the log has at most 65 535 bytes."),
    source="C2SP tlog-tiles, log entries",
    remedy=gettext_noop("Enter the digest of the document, not the document."),
)
HASH_HAS_32_BYTES = Rule(
    code="LOG-002",
    demand=gettext_noop("A hash of the log is a SHA-256 digest of 32 bytes."),
    source="RFC 6962, 2.1",
    remedy=gettext_noop("Give the digest of the entry, unshortened."),
)
INDEX_IS_IN_TREE = Rule(
    code="LOG-003",
    demand=gettext_noop("A proof is asked for an entry that the tree of that size holds."),
    source="RFC 6962, 2.1.1",
    remedy=gettext_noop("Name an index from 0 to one less than the size of the tree."),
)
TREE_ONLY_GROWS = Rule(
    code="LOG-004",
    demand=gettext_noop("An older tree is not larger than the newer one and not than the log."),
    source="RFC 6962, 2.1.2",
    remedy=gettext_noop("Exchange the two sizes, or wait until the log has grown."),
)
KEY_NAME_IS_PLAIN = Rule(
    code="LOG-005",
    demand=gettext_noop("The name of a key is not empty and has no space, plus or control sign."),
    source="C2SP signed-note, format",
    remedy=gettext_noop("Use a name like example.com/log, an address without its scheme."),
)
VKEY_IS_WELL_FORMED = Rule(
    code="LOG-006",
    demand=gettext_noop(
        "A verifier key is name+id+key: eight small hexadecimal digits that fit the Ed25519 key after them."
    ),
    source="C2SP signed-note, verifier keys",
    remedy=gettext_noop("Copy the verifier key whole, from the log's own page."),
)
NOTE_IS_WELL_FORMED = Rule(
    code="LOG-007",
    demand=gettext_noop(
        "A signed note is a text, an empty line, and one to 64 signature lines, in plain UTF-8."
    ),
    source="C2SP signed-note, format",
    remedy=_MADE_AGAIN,
)
CHECKPOINT_IS_WELL_FORMED = Rule(
    code="LOG-008",
    demand=gettext_noop(
        "A checkpoint names its log, its size and its root, one a line, without leading zeros."
    ),
    source="C2SP tlog-checkpoint, note text",
    remedy=_MADE_AGAIN,
)
PROOF_IS_WELL_FORMED = Rule(
    code="LOG-009",
    demand=gettext_noop(
        "A log proof has its heading, an index, at most 63 hashes, an empty line and a checkpoint."
    ),
    source="C2SP tlog-proof, format",
    remedy=_MADE_AGAIN,
)
NOTE_IS_SIGNED = Rule(
    code="LOG-010",
    demand=gettext_noop(
        "A checkpoint is signed by a key that the reader knows, and no known key's signature is wrong."
    ),
    source="C2SP signed-note, signatures",
    remedy=gettext_noop("Do not rely on this checkpoint; fetch it again from the log."),
)
ORIGIN_IS_EXPECTED = Rule(
    code="LOG-011",
    demand=gettext_noop("A checkpoint is of the log that the reader expects."),
    source="C2SP tlog-proof, verifying",
    remedy=gettext_noop("Check the name of the log, or name the log that you trust."),
)
ENTRY_IS_INCLUDED = Rule(
    code="LOG-012",
    demand=gettext_noop("The hashes of a proof lead from the entry to the root of the checkpoint."),
    source="RFC 9162, 2.1.3.2",
    remedy=gettext_noop("Do not rely on this proof: the entry, its place or the proof is another."),
)
TREE_IS_EXTENDED = Rule(
    code="LOG-013",
    demand=gettext_noop("A newer tree holds everything that the older one held, unchanged."),
    source="RFC 9162, 2.1.4.2",
    remedy=gettext_noop("Keep both checkpoints: together they show that the log was rewritten."),
)
LOG_IS_WHOLE = Rule(
    code="LOG-014",
    demand=gettext_noop("A log holds every entry up to its size, in bundles of 256 that fit."),
    source="C2SP tlog-tiles, log entries",
    remedy=gettext_noop("Fetch the missing file again, or ask the log for it."),
)
TILES_FOLLOW_FROM_ENTRIES = Rule(
    code="LOG-015",
    demand=gettext_noop("Every tile of a log holds the hashes that its entries make."),
    source="C2SP tlog-tiles, Merkle tree",
    remedy=gettext_noop("Fetch the tile again; if it stays so, the log shows two things."),
)
ROOT_FOLLOWS_FROM_ENTRIES = Rule(
    code="LOG-016",
    demand=gettext_noop("The root that a checkpoint names is the one that the entries make."),
    source="C2SP tlog-checkpoint, note text",
    remedy=gettext_noop(
        "Fetch the entries again; if it stays so, keep both: the log signed something else."
    ),
)
