"""Django settings of the tests: a demonstration in a folder of its own, on either database, with
the apps of all desks.

``MARFA_TEST_DATABASE=postgresql`` starts a cluster for this run and stops it afterwards.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from marfa.platform.datafolder import Kind, new_folder

_scratch = Path(tempfile.mkdtemp(prefix="marfa-tests-"))
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)

for _name in [name for name in os.environ if name.startswith("MARFA_")]:
    if _name not in ("MARFA_REFERENCE_DATA", "MARFA_TEST_DATABASE"):
        del os.environ[_name]

with new_folder(
    _scratch / "data", kind=Kind.DEMONSTRATION, desks=("reception", "protection", "administration")
):
    pass
os.environ["MARFA_DATA"] = str(_scratch / "data")

if os.environ.get("MARFA_TEST_DATABASE") == "postgresql":
    from tests.support.postgres import start_cluster

    os.environ["MARFA_DATABASE"] = start_cluster(_scratch / "postgresql")

from marfa.web.workshop import *  # noqa: E402, F403
from marfa.web.workshop import DATABASES, INSTALLED_APPS  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # In a file as in real use, so that tests may open several connections.
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "tests.sqlite3")}

# Small subjects on which the mechanisms of the platform are tried.
INSTALLED_APPS = [
    *INSTALLED_APPS,
    "tests.support.sample",
    "tests.support.harbour",
    "tests.support.quay",
]
