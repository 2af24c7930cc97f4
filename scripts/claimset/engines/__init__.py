"""Engines: one pure function over many tasks, in this process, in several, or on a cluster."""

from claimset.engines.engine import Engine, EngineName, Outcome, open_engine

__all__ = ["Engine", "EngineName", "Outcome", "open_engine"]
