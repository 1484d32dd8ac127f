"""A holder's receipt of a mine's total, written as one JSON file and read again.

Masses are texts of whole milligrams, hashes and salts hexadecimal. The entry is the text that was
entered in the public log, to the byte.

Rules: CREDENTIAL-003.
"""

import json
import re
from collections.abc import Mapping, Sequence

from stannary.core.credentials import Json
from stannary.core.credentials.fields import Fields
from stannary.core.credentials.rules import FILE_HAS_ITS_FORM
from stannary.core.kernel import Place, RefusalError, refuse
from stannary.core.totals import LotOfMine, Node, Part, Receipt
from stannary.core.verification import Checkable, EnclosedReceipt, Kind

RECEIPT_FILE = "stannary/mine-total-receipt/1"
_KEYS = ("type", "holder", "lots", "parts", "entry", "proof", "log_vkey")
_LOT = ("lot", "of_mine_mg", "where")
_PART = ("number", "sum_mg", "salt", "index", "path")
_STEP = ("hash", "sum_mg")
_WHERE = {"held": False, "under way": True}
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,29}")
_HEX = re.compile(r"[0-9a-f]{64}")
_PATH_MAX = 20


def receipt_text(receipt: Receipt, *, proof: str, log_vkey: str) -> str:
    """Write a receipt, to be saved as `<mine>-<day>.receipt.json`.

    Args:
        receipt: From `core.totals.make_receipt`.
        proof: Log proof of its entry, as text.
        log_vkey: Verifier key of the log, as text.
    """
    content = {
        "type": RECEIPT_FILE,
        "holder": receipt.holder,
        "lots": [
            {
                "lot": lot.lot,
                "of_mine_mg": str(lot.sum_mg),
                "where": "under way" if lot.under_way else "held",
            }
            for lot in receipt.lots
        ],
        "parts": [
            {
                "number": part.number,
                "sum_mg": str(part.sum_mg),
                "salt": part.salt.hex(),
                "index": part.index,
                "path": [
                    {"hash": node.hash.hex(), "sum_mg": str(node.sum_mg)} for node in part.path
                ],
            }
            for part in receipt.parts
        ],
        "entry": receipt.entry.decode("utf-8"),
        "proof": proof,
        "log_vkey": log_vkey,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def receipt_from_dict(content: Mapping[str, Json], at: Place) -> Checkable:
    """Take a receipt apart; what of it cannot be read is told in its findings.

    Args:
        content: As `receipt_text` wrote it.
        at: The file, for messages.

    Raises:
        RefusalError: CREDENTIAL-003 if a part of the form is missing or unknown.
    """
    fields = Fields(content, FILE_HAS_ITS_FORM, "", at)
    _only(fields, _KEYS)
    proof, log_vkey = (_long(fields, name) for name in ("proof", "log_vkey"))
    try:
        enclosed = EnclosedReceipt(_receipt(fields))
    except RefusalError as refusal:
        enclosed = EnclosedReceipt(None, refusal.findings)
    return Checkable(at.file, Kind.TOTAL_RECEIPT, proof=proof, log_vkey=log_vkey, receipt=enclosed)


def _receipt(fields: Fields) -> Receipt:
    return Receipt(
        holder=fields.text("holder"),
        lots=tuple(map(_lot, fields.objects("lots"))),
        parts=tuple(map(_part, fields.objects("parts"))),
        entry=fields.text("entry").encode("utf-8"),
    )


def _lot(fields: Fields) -> LotOfMine:
    _only(fields, _LOT)
    where = fields.text("where")
    if where not in _WHERE:
        fields.stop("where", "neither held nor under way")
    return LotOfMine(fields.text("lot"), _whole(fields, "of_mine_mg"), _WHERE[where])


def _part(fields: Fields) -> Part:
    _only(fields, _PART)
    path = fields.objects("path")
    if len(path) > _PATH_MAX:
        fields.stop("path", f"more than {_PATH_MAX} steps")
    return Part(
        number=_count(fields, "number"),
        sum_mg=_whole(fields, "sum_mg"),
        salt=_hex(fields, "salt"),
        index=_count(fields, "index"),
        path=tuple(map(_step, path)),
    )


def _step(fields: Fields) -> Node:
    _only(fields, _STEP)
    return Node(_hex(fields, "hash"), _whole(fields, "sum_mg"))


def _whole(fields: Fields, name: str) -> int:
    """Read milligrams; what is below 0 or too much is told later, by its own rule."""
    text = fields.text(name)
    return int(text) if _WHOLE.fullmatch(text) else fields.stop(name, "not whole milligrams")


def _count(fields: Fields, name: str) -> int:
    value = fields.content[name]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        fields.stop(name, "not a whole number from 0")
    return value


def _hex(fields: Fields, name: str) -> bytes:
    text = fields.text(name)
    return bytes.fromhex(text) if _HEX.fullmatch(text) else fields.stop(name, "not 32 bytes")


def _long(fields: Fields, name: str) -> str:
    value = fields.content[name]
    if not isinstance(value, str) or not value:
        fields.stop(name, "not a text")
    return value


def _only(fields: Fields, keys: Sequence[str]) -> None:
    if set(fields.content) != set(keys):
        refuse(
            FILE_HAS_ITS_FORM,
            at=fields.at,
            where=fields.path or "the file",
            needed=", ".join(keys),
        )
