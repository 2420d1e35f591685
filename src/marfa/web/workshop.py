"""Settings under which all apps of all desks are loaded in one process: for the tests, for what
is built from the code, and for whoever writes it.

No data folder can ask for this, and no server starts under it: what may stand together in one
installation is decided by ``apps/house.py``.
"""

from __future__ import annotations

from marfa.apps.manifest import Desk
from marfa.web.settings import *  # noqa: F403
from marfa.web.settings import apps_for, middleware_for

EVERY_APP = True
DESKS = tuple(Desk)
INSTALLED_APPS = apps_for(DESKS)
MIDDLEWARE = middleware_for(DESKS)
# The one of an installation refuses to start here.
WSGI_APPLICATION = None
