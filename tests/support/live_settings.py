"""Settings of a real installation with the samples in it, on which canaries are tried."""

from __future__ import annotations

from marfa.web.settings import *  # noqa: F403
from marfa.web.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.sample"]
