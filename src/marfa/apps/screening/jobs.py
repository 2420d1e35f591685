"""Each night the rows of indicators are mixed, so that where they lie tells nothing of whose they
are."""

from __future__ import annotations

from datetime import time

from marfa.apps.screening.indicators import INDICATORS
from marfa.platform.facts.rebuilds import mix_rows
from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Daily, schedule_job


@job("screening.mix_indicators", once=True, rows=EVERY_ORGANISATION)
def mix_indicators(run: Run) -> None:
    """Write them anew in the order of their pseudonyms."""
    run.check()
    mix_rows(INDICATORS)


schedule_job(Daily(time(2, 15)), mix_indicators)
