"""The table of figures."""

from marfa.apps.figures.models.snapshots import (
    SiteSnapshot,
)

__all__ = ["SiteSnapshot"]
