"""Lots and their movements: what was made, used, moved, held and lost, to the milligram."""

from stannary.core.custody.events import Event, events_of, in_order
from stannary.core.custody.lots import Holding, Loss, Lot, ProcessLoss, Total, Transit
from stannary.core.custody.masses import lot_defects
from stannary.core.custody.parameters import DEFAULT_RULES, CustodyRules
from stannary.core.custody.replay import Replay, replay, replay_events
from stannary.core.custody.rows import (
    COLUMNS,
    OPTIONAL_COLUMNS,
    REQUIRED_COLUMNS,
    Kind,
    Model,
    Row,
    Side,
    parse_row,
    parse_time,
    weakest,
)

__all__ = [
    "COLUMNS",
    "DEFAULT_RULES",
    "OPTIONAL_COLUMNS",
    "REQUIRED_COLUMNS",
    "CustodyRules",
    "Event",
    "Holding",
    "Kind",
    "Loss",
    "Lot",
    "Model",
    "ProcessLoss",
    "Replay",
    "Row",
    "Side",
    "Total",
    "Transit",
    "events_of",
    "in_order",
    "lot_defects",
    "parse_row",
    "parse_time",
    "replay",
    "replay_events",
    "weakest",
]
