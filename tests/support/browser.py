"""Debian's Chromium, with the options it needs here, in one place."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")

OPTIONS = (
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these the browser looks for its maker's servers at every start.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> Path | None:
    """The browser's program, or None where none is installed."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return Path(found) if found else None


def options() -> list[str]:
    """Command-line options; the browser's own sandbox cannot be used by root."""
    return [*OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
