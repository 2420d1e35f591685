"""Refuse to ship a wheel that would not serve: its assets and catalogues must be built.

``pip install .`` works without them and without Node: the libraries and their commands need none,
and ``marfa serve`` says what is missing. ``make wheel`` sets MARFA_SHIPPED.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsAreBuilt(BuildHookInterface[Any]):
    """Checked for a wheel that is shipped."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or not os.environ.get("MARFA_SHIPPED"):
            return
        package = Path(self.root) / "src" / "marfa"
        missing = [
            str(file.relative_to(self.root))
            for file in (
                package / "web" / "static" / "built" / "manifest.json",
                *(po.with_suffix(".mo") for po in package.glob("**/LC_MESSAGES/django.po")),
            )
            if not file.is_file()
        ]
        if missing:
            raise SystemExit(f"Build the assets first (make wheel); missing: {', '.join(missing)}")
