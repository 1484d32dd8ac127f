"""Provenance on a cluster: the kernels of the engine `arrays` on pieces of the graph, dealt out by Spark.

The graph is cut by time and by chain into pieces. A task works one piece out and passes what later (or
earlier) pieces need on to them; the answers are those of `arrays`.
"""

from stannary.engines.spark.asking import Asking, Runner
from stannary.engines.spark.cluster import LOCAL, SparkRunner, missing, session
from stannary.engines.spark.engine import Spark

__all__ = ["LOCAL", "Asking", "Runner", "Spark", "SparkRunner", "missing", "session"]
