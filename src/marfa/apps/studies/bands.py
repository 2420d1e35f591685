"""Whether a result has a band: only where all that it is bound to holds, on this day."""

from __future__ import annotations

from collections.abc import Iterable

from marfa.apps.screening.answers import answers_given
from marfa.apps.screening.instruments import instrument_library
from marfa.apps.screening.models import Screening
from marfa.apps.studies.models import Band
from marfa.domain.message import InputError
from marfa.methods.screening.study.protocol import digest_of_words
from marfa.platform import clock


def band_of(screening: Screening) -> Band | None:
    """The band of a finished interview; within ``open_vault()``.

    It is bound to the list with its words as they were studied, which were put to the person and
    are put today, to the setting, the sites, the
    languages and the people of the study, and to its days: the interview ended within them, and
    today lies within them. It is signed by two people, neither of them the author.
    """
    if screening.state != Screening.State.FINISHED or screening.closed_at is None:
        return None
    today, day = clock.now().date(), screening.closed_at.date()
    rows = Band.objects.filter(
        organisation=screening.organisation_id,
        digest=screening.instrument_digest,
        instrument=screening.instrument,
        first_by__isnull=False,
        second_by__isnull=False,
        ended_at=None,
        begins__lte=min(today, day),
        ends__gt=max(today, day),
    )
    return next((row for row in rows.order_by("-begins", "pk") if _holds(row, screening)), None)


def _holds(band: Band, screening: Screening) -> bool:
    outcome = screening.outcome or {}
    worded = {screening.language, *answers_given(screening).worded.values()}
    return (
        screening.site.reference in band.sites
        and (band.children or outcome.get("age") == "adult")
        and all(screening.words.get(each) == band.words.get(each) for each in worded)
        and _is_as_studied(band, worded)
    )


def _is_as_studied(band: Band, languages: Iterable[str]) -> bool:
    """Whether the list is the same to the word: in each language that was used, and in its
    setting."""
    library = instrument_library()
    try:
        instrument = library.instrument(band.instrument)
    except InputError:
        return False
    known = (instrument.questions_digest, instrument.setting.value)
    return known == (band.digest, band.setting) and all(
        band.words.get(language) and digest_of_words(library, instrument, language) == studied
        for language, studied in ((each, band.words.get(each)) for each in languages)
    )
