"""One thread for linear algebra: many small problems gain nothing from more."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
