"""A second count finds whatever was changed past the engine."""

import pytest

from engines.posting.made_up import SELLER, ending, opened, posting
from engines.posting.test_sequencer import STILL, leading
from engines.posting.test_stores import directly
from stannary.core.custody.postings import RESERVE
from stannary.engines.posting import Store, resum

CHANGES = {
    "UPDATE custody_posting_account SET balance = balance + 1 WHERE number = 2": "account row",
    "UPDATE custody_posting_account SET reserved = reserved + 1 WHERE number = 2": "account row",
    "UPDATE custody_posting SET amount = amount + 1 WHERE seq = 8": "chain",
    "UPDATE custody_posting SET verdict = 53 WHERE seq = 7": "verdict",
    "UPDATE custody_posting SET verdict = 0 WHERE seq = 9": "verdict",
    "UPDATE custody_posting SET at_ms = at_ms + 1 WHERE seq = 7": "chain",
    "UPDATE custody_posting SET target = 4 WHERE seq = 7": "chain",
    "DELETE FROM custody_posting WHERE seq = 9": "chain",
    "DELETE FROM custody_posting WHERE seq = 10": "chain",
    "DELETE FROM custody_posting_batch WHERE number = 2": "chain",
    "DELETE FROM custody_posting_batch WHERE number = 6": "chain",
    "UPDATE custody_posting_batch SET at_ms = at_ms + 1 WHERE number = 2": "chain",
    "UPDATE custody_posting_head SET batch = 5": "chain",
}
"""What is changed, and what a second count calls it, among others."""


def posted(url: str, store: Store) -> None:
    """Five simple postings, then five by a sequencer, each a batch of its own."""
    opened(store)
    with leading(url) as sequencer:
        held = posting(5, RESERVE)
        for one in (held, posting(7), posting(2), posting(1_000), ending(held, 4)):
            sequencer.post([one])


def test_books_that_agree_have_no_findings(url: str, store: Store) -> None:
    posted(url, store)

    counted = resum(store)

    assert counted.findings == ()
    assert counted[1:5] == (10, 9, 6, 6)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_is_found(url: str, store: Store, change: str) -> None:
    posted(url, store)

    directly(url, change)

    found = resum(store).findings
    assert {one.code for one in found} == {"ENGINE-024"}
    assert CHANGES[change] in {one.facts["what"] for one in found}


def test_what_a_sequencer_believes_wrongly_is_found(url: str, store: Store) -> None:
    opened(store)
    with leading(url) as sequencer:
        sequencer._memory.ledger.accounts[SELLER].balance += 100
        assert sequencer.post([posting(150)]) == [0]

    found = resum(store).findings

    assert [one.facts["what"] for one in found][:2] == ["verdict", "account row"]
    assert found[0].facts["should_be"] == "53"
    assert "overdrawn" not in {one.facts["what"] for one in found}


def test_a_count_while_somebody_leads_is_of_one_moment(url: str, store: Store) -> None:
    opened(store)
    with leading(url, STILL._replace(few_accounts=0)) as sequencer:
        for _ in range(3):
            sequencer.post([posting(1)])

        assert resum(store).findings == ()
        assert store.head().checkpoint_seq < store.head().seq
    assert resum(store).findings == ()
