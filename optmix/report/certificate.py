"""How the decomposition proved its bound, in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.schema.result import Certificate

__all__ = ["bound_text", "search_text"]


def bound_text(certificate: Certificate) -> str:
    """Return how the bound was built, and how far integer windows lifted it."""
    bound, relaxed = certificate.bound_usd, certificate.relaxed_bound_usd
    if bound is None or relaxed is None or not bound > relaxed:
        return certificate.how
    return f"{certificate.how}; lifted from {relaxed:,.0f} USD by windows solved with integers"


def search_text(certificate: Certificate) -> str:
    """Return what the search took: rounds, windows, cuts, fleets, workers, seconds by phase."""
    counts = ", ".join(_counted(certificate))
    seconds = ", ".join(f"{phase} {took:.1f}" for phase, took in certificate.seconds.items())
    return f"{counts}; seconds: {seconds}" if seconds else counts


def _counted(certificate: Certificate) -> Iterator[str]:
    for word, count in (
        ("round", certificate.rounds),
        ("window", certificate.windows),
        ("cut", certificate.cuts),
        ("fleet", certificate.fleets),
        ("worker", certificate.workers),
    ):
        yield f"{count:,} {word}{'' if count == 1 else 's'}"
