"""Files of others that stand beside the reference data, and are not in this repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def form_of_the_standard() -> Path:
    """The XLSForm of the Human Trafficking Case Data Standard (IOM's toolkit, CC BY 4.0).

    A test that asks for it is skipped where it is absent.
    """
    folder = os.environ.get("MARFA_REFERENCE_DATA")
    if not folder:
        pytest.skip("MARFA_REFERENCE_DATA is not set")
    file = Path(folder).parent / "standards" / "htcds" / "htcds_xlsform.xlsx"
    if not file.is_file():
        pytest.skip("beside MARFA_REFERENCE_DATA there is no form of the standard")
    return file
