"""How a step says how far it is; without a listener it says nothing."""

from __future__ import annotations

from claimset.reporting.progress import QuietReporter, Reporter

__all__ = ["Reporter", "silent"]

silent: Reporter = QuietReporter()
"""The reporter of library calls."""
