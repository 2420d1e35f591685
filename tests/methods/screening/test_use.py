"""Pilot and live: live use is refused unless reviewed, and signed for where not validated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from marfa.domain.message import InputError
from marfa.methods.screening import (
    Age,
    Answer,
    Authorisation,
    Instrument,
    LiveUse,
    Panel,
    PilotUse,
    Wording,
    next_step_code,
    read_authorisation,
    score,
    skeletons,
)
from marfa.methods.screening.text_packs import Status
from marfa.methods.screening.use import ACCEPTS
from tests.methods.screening.support import ADULT, CHILD, library, panel

TODAY = date(2026, 6, 1)


def reviewed(name: str, language: str = "ar") -> Wording:
    """The shipped words as if somebody had reviewed them."""
    wording = library().wording(library().instrument(name), language)
    texts = {
        key: replace(text, status=Status.REVIEWED, by="R", on=TODAY)
        for key, text in wording.texts.items()
    }
    return replace(wording, texts=texts)


def signed(of: Instrument, /, **changes: object) -> Authorisation:
    paper = Authorisation(
        "Harbour Relief",
        of.name,
        of.version,
        of.digest,
        "N. N.",
        "Head of protection",
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
    return replace(paper, **changes)  # type: ignore[arg-type]


def live(name: str, *papers: Authorisation, wording: Wording | None = None) -> LiveUse:
    instrument = library().instrument(name)
    words = {name: wording or reviewed(name)}
    return LiveUse((instrument,), words, TODAY, papers)


def reasons(error: InputError) -> set[str]:
    return {problem.message.key for problem in error.problems}


CHECKLISTS = [name for name in library().names() if library().instrument(name).pilot_only]


def test_only_the_labour_profiles_are_not_pilot_only() -> None:
    assert set(library().names()) - set(CHECKLISTS) == {ADULT, CHILD}


@pytest.mark.parametrize("name", CHECKLISTS)
def test_a_checklist_is_off_in_live_use_until_it_is_signed_for(name: str) -> None:
    with pytest.raises(InputError) as refused:
        live(name)
    assert reasons(refused.value) == {"not-signed"}
    instrument = library().instrument(name)
    use = live(name, signed(instrument))
    one = Panel((instrument,))
    result = score(one, dict.fromkeys(one.item_ids, Answer.YES), age=Age.ADULT, use=use)
    assert not result.pilot
    assert result.outcome is None


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "0"},
        {"version": "0"},
        {"instrument": "other"},
        {"signed_by": " "},
        {"role": ""},
        {"organisation": ""},
        {"valid_until": date(2026, 5, 31)},
        {"signed_on": date(2026, 6, 2)},
    ],
)
def test_a_signature_holds_for_exactly_this_content_and_these_days(
    change: dict[str, object],
) -> None:
    name = "conflict-context"
    with pytest.raises(InputError) as refused:
        live(name, signed(library().instrument(name), **change))
    assert reasons(refused.value) == {"not-signed"}


def test_a_changed_instrument_needs_a_new_signature() -> None:
    instrument = library().instrument("conflict-context")
    changed = replace(instrument, items=instrument.items[1:])
    assert changed.digest != instrument.digest
    words = replace(reviewed("conflict-context"), instrument=changed)
    with pytest.raises(InputError) as refused:
        LiveUse((changed,), {changed.name: words}, TODAY, (signed(instrument),))
    assert "not-signed" in reasons(refused.value)


def test_live_use_refuses_a_draft() -> None:
    for name in (ADULT, CHILD):
        draft = library().wording(library().instrument(name), "ar")
        with pytest.raises(InputError) as refused:
            live(name, wording=draft)
        assert reasons(refused.value) == {"live-with-drafts"}
        assert refused.value.problems[0].message.count == len(draft.instrument.item_ids)
        assert live(name).permits(library().instrument(name))


def test_one_draft_text_is_enough_to_refuse() -> None:
    words = reviewed(ADULT)
    texts = dict(words.texts) | {
        "dr-work": library().wording(words.instrument, "ar").texts["dr-work"]
    }
    with pytest.raises(InputError) as refused:
        live(ADULT, wording=replace(words, texts=texts))
    assert refused.value.problems[0].message.count == 1


def test_live_use_refuses_a_language_without_words() -> None:
    missing = library().wording(library().instrument(ADULT), "so")
    with pytest.raises(InputError) as refused:
        live(ADULT, wording=missing)
    assert reasons(refused.value) == {"live-without-words"}


def test_scoring_refuses_what_the_use_does_not_permit() -> None:
    with pytest.raises(ValueError, match="not permitted"):
        score(panel(), {}, age=Age.CHILD, use=live(ADULT))


def test_a_pilot_is_marked() -> None:
    assert score(panel(), {}, age=Age.ADULT, use=PilotUse()).pilot


def test_only_a_published_list_can_give_a_band() -> None:
    instrument = library().instrument(ADULT)
    with pytest.raises(ValueError, match="not a published"):
        replace(instrument, items=instrument.items[1:])


def test_an_authorisation_is_read_from_its_file() -> None:
    instrument = library().instrument("conflict-context")
    text = next(iter(skeletons.authorisation(instrument).values()))
    with pytest.raises(InputError) as unsigned:
        read_authorisation(text, "paper.toml")
    assert reasons(unsigned.value) == {"key-empty", "not-a-date"}
    filled = text.replace('= ""', '= "Somebody"').replace("# signed_on", "signed_on")
    filled = filled.replace("# valid_until", "valid_until")
    paper = read_authorisation(filled, "paper.toml")
    assert paper.covers(instrument, date(2026, 6, 1))
    with pytest.raises(InputError) as refused:
        read_authorisation(filled.replace(ACCEPTS, "anything"), "paper.toml")
    assert reasons(refused.value) == {"not-accepted"}


def test_danger_now_reaches_the_officer_from_a_checklist_too() -> None:
    one = Panel.of("registration-risk", library())
    result = score(one, {"rr-tonight": Answer.YES}, age=Age.ADULT, use=PilotUse())
    assert result.outcome is None
    assert next_step_code(result) == "act-now"


def test_a_review_that_is_dated_ahead_is_none_yet() -> None:
    wording = reviewed(ADULT)
    ahead = {"dr-work": replace(wording.texts["dr-work"], on=date(2026, 6, 2))}
    with pytest.raises(InputError) as refused:
        live(ADULT, wording=replace(wording, texts={**wording.texts, **ahead}))
    assert reasons(refused.value) == {"live-with-drafts"}
    assert refused.value.problems[0].message.count == 1
    assert not live(ADULT, wording=wording).pilot
