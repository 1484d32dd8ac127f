"""The tables of the ledger, in one text for SQLite and PostgreSQL.

The text of a version is never changed once it is released: a migration runs it.
"""

from typing import Final, Literal

Vendor = Literal["sqlite", "postgresql"]

_WORDS: Final[dict[Vendor, dict[str, str]]] = {
    "sqlite": {"big": "INTEGER", "small": "INTEGER", "id": "BLOB", "bytes": "BLOB", "hot": ""},
    "postgresql": {
        "big": "BIGINT", "small": "SMALLINT", "id": "UUID", "bytes": "BYTEA",
        "hot": " WITH (fillfactor = 50)",
    },
}  # fmt: skip

TABLES: Final = (
    "custody_posting_head",
    "custody_posting_batch",
    "custody_posting",
    "custody_posting_account",
)

_FIRST: Final = (
    """
    CREATE TABLE IF NOT EXISTS custody_posting_account (
      number {big} PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      least {big} NOT NULL DEFAULT 0,
      balance {big} NOT NULL DEFAULT 0,
      reserved {big} NOT NULL DEFAULT 0,
      CONSTRAINT posting_account_least CHECK (least IN (0, -9000000000000000000)),
      CONSTRAINT posting_account_balance CHECK (balance >= 0 OR least < 0),
      CONSTRAINT posting_account_most CHECK (balance BETWEEN -9000000000000000000 AND 9000000000000000000),
      CONSTRAINT posting_account_reserved CHECK (reserved >= 0),
      CONSTRAINT posting_account_available CHECK (reserved <= balance OR least < 0)
    ){hot}
    """,
    """
    CREATE TABLE IF NOT EXISTS custody_posting (
      seq {big} PRIMARY KEY,
      id {id} NOT NULL,
      kind {small} NOT NULL,
      source {big} NOT NULL,
      target {big} NOT NULL,
      amount {big} NOT NULL,
      reservation {id} NOT NULL,
      expires_at_ms {big} NOT NULL,
      at_ms {big} NOT NULL,
      verdict {small} NOT NULL,
      CONSTRAINT posting_id_once UNIQUE (id),
      CONSTRAINT posting_amount CHECK (verdict <> 0 OR kind = 4 OR amount BETWEEN 1 AND 9000000000000000000)
    )
    """,
    """
    CREATE UNIQUE INDEX IF NOT EXISTS posting_ends_once ON custody_posting (reservation)
      WHERE verdict = 0 AND kind IN (3, 4)
    """,
    """
    CREATE INDEX IF NOT EXISTS posting_expires ON custody_posting (expires_at_ms)
      WHERE verdict = 0 AND kind = 2 AND expires_at_ms > 0
    """,
    """
    CREATE TABLE IF NOT EXISTS custody_posting_batch (
      number {big} PRIMARY KEY,
      first_seq {big} NOT NULL UNIQUE,
      last_seq {big} NOT NULL UNIQUE,
      count {big} NOT NULL,
      at_ms {big} NOT NULL,
      token {big} NOT NULL,
      previous {bytes} NOT NULL UNIQUE,
      hash {bytes} NOT NULL UNIQUE,
      CONSTRAINT posting_batch_order CHECK (first_seq <= last_seq AND count BETWEEN 1 AND last_seq - first_seq + 1)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS custody_posting_head (
      one {small} PRIMARY KEY,
      token {big} NOT NULL,
      holder TEXT NOT NULL,
      sequenced {small} NOT NULL,
      lease_until_ms {big} NOT NULL,
      batch {big} NOT NULL,
      seq {big} NOT NULL,
      checkpoint_seq {big} NOT NULL,
      at_ms {big} NOT NULL,
      hash {bytes} NOT NULL,
      CONSTRAINT posting_head_is_one CHECK (one = 1),
      CONSTRAINT posting_head_order CHECK (checkpoint_seq <= seq)
    )
    """,
    """
    INSERT INTO custody_posting_head
      SELECT 1, 0, '', 0, 0, 0, 0, 0, 0, {start} WHERE NOT EXISTS (SELECT 1 FROM custody_posting_head)
    """,
)


_SEQUENCE: Final = "CREATE SEQUENCE IF NOT EXISTS custody_posting_seq OWNED BY custody_posting.seq"
"""Places of simple postings on PostgreSQL, where several are decided at once."""


def statements(vendor: Vendor) -> list[str]:
    """Give the statements that make the tables; run again, they change nothing."""
    start = {"sqlite": "zeroblob(32)", "postgresql": f"'\\x{'00' * 32}'::bytea"}[vendor]
    texts = [text.format(start=start, **_WORDS[vendor]).strip() for text in _FIRST]
    return texts if vendor == "sqlite" else [*texts, _SEQUENCE]


def dropping() -> list[str]:
    """Give the statements that take the tables away."""
    return [f"DROP TABLE IF EXISTS {table}" for table in TABLES]
