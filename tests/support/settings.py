"""Django settings of the tests: a demonstration in a folder of its own, on either database, with
the apps of all desks.

``MARFA_TEST_DATABASE=postgresql`` starts a cluster for this process and stops it afterwards.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from marfa.platform.datafolder import InstallationKind, new_folder
from tests.support import templates

# Before the processes of this run are started, which share it.
templates.folder()
_scratch = Path(tempfile.mkdtemp(prefix="marfa-tests-"))
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)

for _name in [name for name in os.environ if name.startswith("MARFA_")]:
    if _name not in ("MARFA_REFERENCE_DATA", "MARFA_TEST_DATABASE"):
        del os.environ[_name]

with new_folder(
    _scratch / "data",
    kind=InstallationKind.DEMONSTRATION,
    desks=("reception", "protection", "administration"),
):
    pass
os.environ["MARFA_DATA"] = str(_scratch / "data")

if os.environ.get("MARFA_TEST_DATABASE") == "postgresql":
    os.environ["MARFA_DATABASE"] = templates.start_copy(_scratch / "postgresql")

from marfa.web.workshop import *  # noqa: E402, F403
from marfa.web.workshop import INSTALLED_APPS  # noqa: E402

# Small subjects on which the mechanisms of the platform are tried.
INSTALLED_APPS = [
    *INSTALLED_APPS,
    "tests.support.sample",
    "tests.support.harbour",
    "tests.support.quay",
]
