"""A data folder in which no head of the log has been signed yet."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from marfa.platform.datafolder import DataFolder
from marfa.safeguards.audit import installation_heads


def folder_without_heads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """A data folder of its own; the database stays that of the tests."""
    shutil.copytree(settings.FOLDER.path, tmp_path / "data")
    made = replace(settings.FOLDER, path=tmp_path / "data")
    for file in (
        installation_heads.inner_heads_file(made),
        made.path / "keys" / installation_heads.KEY_FILE,
    ):
        file.unlink(missing_ok=True)
    monkeypatch.setattr(settings, "FOLDER", made)
    return made
