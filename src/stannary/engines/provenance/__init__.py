"""Provenance at scale: of what millions of lots are made, in agreement with the exact engine."""

from stannary.engines.provenance.engine import Arrays
from stannary.engines.provenance.movements import KIND, MODELS, SIDE, Movements, movements_of
from stannary.engines.provenance.names import Texts, texts_of

__all__ = ["KIND", "MODELS", "SIDE", "Arrays", "Movements", "Texts", "movements_of", "texts_of"]
