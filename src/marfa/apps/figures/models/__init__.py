"""The tables of people."""

from marfa.apps.figures.models.snapshots import (
    SiteSnapshot,
)

__all__ = ["SiteSnapshot"]
