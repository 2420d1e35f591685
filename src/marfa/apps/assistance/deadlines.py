"""The deadline of a planned contact."""

from __future__ import annotations

from datetime import timedelta

from marfa.platform.deadlines.kinds import Step, deadline_kind

CLIMBS = timedelta(hours=24)
"""A contact that is this much too late is the supervisor's as well."""
DUE = deadline_kind("assistance.contact", Step("due"), Step("supervisor", CLIMBS))
