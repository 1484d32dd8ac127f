"""Production reports of mines: from ore over concentrate to metal, replayed to the milligram."""

from stannary.core.production.chains import (
    Production,
    production_as_dict,
    replay_production,
)
from stannary.core.production.reports import (
    MetalReport,
    OreReport,
    ProcessReport,
    Stage,
    Where,
    mass_mg,
)

__all__ = [
    "MetalReport",
    "OreReport",
    "ProcessReport",
    "Production",
    "Stage",
    "Where",
    "mass_mg",
    "production_as_dict",
    "replay_production",
]
