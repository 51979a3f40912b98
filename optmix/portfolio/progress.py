"""How far a portfolio has come."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Count", "PortfolioProgress"]


@dataclass(frozen=True)
class PortfolioProgress:
    """Where a run stands.

    Attributes
    ----------
    n_total
        Sites, or pieces of work, in all.
    n_done
        Those dealt with, failed and resumed ones among them.
    n_failed, n_resumed
        Those without a plan, and those that an earlier run left.
    elapsed_s
        Wall time so far.
    eta_s
        Wall time left if it goes on like this; none before the first is done.
    detail
        Anything else worth reading.
    """

    n_total: int
    n_done: int
    n_failed: int
    n_resumed: int
    elapsed_s: float
    eta_s: float | None
    detail: str = ""


@dataclass
class Count:
    """Counts what is done, and tells whoever listens.

    Attributes
    ----------
    n_total
        How many there are.
    tell
        Hears of each change.
    """

    n_total: int
    tell: Callable[[PortfolioProgress], None]
    n_done: int = 0
    n_failed: int = 0
    n_resumed: int = 0
    n_worked: int = 0
    began_s: float = field(default_factory=time.perf_counter)

    @property
    def elapsed_s(self) -> float:
        """Wall time so far."""
        return time.perf_counter() - self.began_s

    def add(self, *, is_failed: bool, is_resumed: bool, is_worked: bool, detail: str) -> None:
        """Count one more; only those that took work tell how long the rest will take."""
        self.n_done += 1
        self.n_failed += is_failed
        self.n_resumed += is_resumed
        self.n_worked += is_worked
        left = self.n_total - self.n_done
        eta = self.elapsed_s / self.n_worked * left if self.n_worked else None
        self.tell(
            PortfolioProgress(
                n_total=self.n_total,
                n_done=self.n_done,
                n_failed=self.n_failed,
                n_resumed=self.n_resumed,
                elapsed_s=self.elapsed_s,
                eta_s=eta,
                detail=detail,
            )
        )
