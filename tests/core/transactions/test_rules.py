"""Codes are permanent: each stands for the same demand for ever, and none is left out."""

from stannary.core.kernel import Rule
from stannary.core.transactions import rules

CODES = (
    ("TRANSACTION-001", rules.OFFER_NAMES_TWO_PARTIES),
    ("TRANSACTION-002", rules.OFFER_HAS_A_QUANTITY),
    ("TRANSACTION-003", rules.OFFER_ENDS_LATER),
    ("TRANSACTION-004", rules.OFFER_IS_OPEN),
    ("TRANSACTION-005", rules.PARTY_TAKES_ITS_STEP),
    ("TRANSACTION-006", rules.STEP_KNOWS_THE_LAST),
    ("TRANSACTION-007", rules.STEP_COMES_LATER),
    ("TRANSACTION-008", rules.STEP_FITS_THE_END),
    ("TRANSACTION-009", rules.PART_LEAVES_A_REST),
    ("TRANSACTION-010", rules.STEP_SAYS_WHY),
    ("TRANSACTION-011", rules.RESERVED_IS_NOT_USED),
    ("TRANSACTION-012", rules.OFFER_ENDS_IN_TIME),
    ("TRANSACTION-020", rules.STATEMENT_HAS_A_PERIOD),
    ("TRANSACTION-021", rules.BOOKED_ONCE),
    ("TRANSACTION-022", rules.STATEMENTS_ARE_OF_EACH_OTHER),
    ("TRANSACTION-023", rules.THEY_BOOKED_IT_TOO),
    ("TRANSACTION-024", rules.WE_BOOKED_IT_TOO),
    ("TRANSACTION-025", rules.QUANTITIES_AGREE),
    ("TRANSACTION-026", rules.DATES_AGREE),
    ("TRANSACTION-027", rules.RESTATED_LINE_IS_THERE),
    ("TRANSACTION-028", rules.STATEMENT_FILE_IS_READ),
    ("TRANSACTION-029", rules.STATEMENT_LINE_IS_WHOLE),
    ("TRANSACTION-040", rules.STEP_FITS_THE_PERIOD),
    ("TRANSACTION-041", rules.PERIOD_IS_OVER),
    ("TRANSACTION-042", rules.FOUR_EYES_CLOSE),
    ("TRANSACTION-043", rules.CLOSED_AS_PREPARED),
    ("TRANSACTION-044", rules.CLOSED_IN_ORDER),
    ("TRANSACTION-045", rules.DEFICIT_STAYS_IN_BOUNDS),
    ("TRANSACTION-046", rules.CLOSED_TAKES_NOTHING),
    ("TRANSACTION-047", rules.REOPENED_BY_A_CORRECTION),
    ("TRANSACTION-048", rules.CARRYING_IS_WHOLE),
)


def test_every_code_stands_for_its_rule() -> None:
    declared = {one.code for one in vars(rules).values() if isinstance(one, Rule)}

    assert [rule.code for _, rule in CODES] == [code for code, _ in CODES]
    assert declared == {code for code, _ in CODES}
