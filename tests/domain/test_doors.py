"""Which kind of body may send what to which."""

from __future__ import annotations

from importlib.resources import files
from itertools import product

import pytest

from marfa.domain import doors
from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.codelists import codelist
from marfa.domain.desks import Desk
from marfa.domain.message import InputError

PROTECTION = ("help", "child_protection")
FIREWALLED = ("sanctions", "enforcement")
TEXT = (files("marfa.domain") / "doors.toml").read_text(encoding="utf-8")


def test_nothing_goes_from_protection_behind_the_firewall() -> None:
    for sender, what, recipient in product(PROTECTION, doors.CONTENTS, FIREWALLED):
        assert not doors.may_send(sender, what, recipient)
    # The same question can be answered with yes.
    assert doors.may_send("help", "referral", "child_protection")


def test_a_referral_goes_to_those_who_help_alone() -> None:
    to = {each for each in doors.BODIES if doors.may_send("investigation", "referral", each)}
    assert to == set(PROTECTION)


def test_what_screening_found_stays_in_protection() -> None:
    for recipient in doors.BODIES:
        assert doors.may_send("help", "screenings", recipient) == (recipient in PROTECTION)


@pytest.mark.parametrize("sending", [("help", "diary", "help"), ("nobody", "referral", "help")])
def test_what_nobody_wrote_down_is_refused(sending: tuple[str, str, str]) -> None:
    assert not doors.may_send(*sending)
    with pytest.raises(InputError) as raised:
        doors.check_sending(*sending)
    assert raised.value.problems[0].message.code == "domain:door-closed"


def test_a_refusal_says_who_what_and_to_whom() -> None:
    with pytest.raises(InputError) as raised:
        doors.check_sending("help", "evidence", "sanctions")
    told = [render_problem(raised.value.problems[0], language) for language in LANGUAGES]
    assert all(word in told[0] for word in ("Help and protection", "Evidence", "Sanctions"))
    assert "الجزاءات" in told[1]
    doors.check_sending("help", "evidence", "investigation")


def test_between_two_bodies_each_thing_that_may_go_is_named() -> None:
    assert doors.contents_between("help", "enforcement") == ()
    assert "remedy" in doors.contents_between("finance", "help")
    for sender, recipient in product(doors.BODIES, repeat=2):
        for what in doors.contents_between(sender, recipient):
            assert doors.may_send(sender, what, recipient)


def test_every_recipient_is_a_body_and_the_firewalled_are_behind_the_firewall() -> None:
    for entry in codelist("recipient_kinds").entries:
        behind = doors.body_of_recipient(entry.code) in FIREWALLED
        assert behind == bool(entry.attributes.get("firewalled"))


def test_an_installation_is_the_body_whose_data_its_desks_keep() -> None:
    assert doors.body_of_desks(["administration", "reception", "reporting"]) == "help"
    assert doors.body_of_desks([Desk.FINANCE]) == "finance"
    assert doors.body_of_desks([Desk.REPORTING]) == "statistics"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('from = ["investigation", "finance"]\nto = ["investigation", "finance", "sanctions"]',
         'from = ["help"]\nto = ["sanctions"]'),
        ('what = ["remedy"]', 'what = ["remedies"]'),
        ('from = ["sanctions"]', 'from = ["sanction"]'),
        ('recipients = ["justice"]', 'recipients = ["judges"]'),
        ('code = "finance"', 'code = "money"'),
    ],
)  # fmt: skip
def test_a_line_that_opens_the_firewall_or_names_nothing_stops_the_start(
    old: str, new: str
) -> None:
    assert doors.read_doors(TEXT) == doors.doors()
    assert old in TEXT
    with pytest.raises(ValueError, match=r"doors\.toml"):
        doors.read_doors(TEXT.replace(old, new, 1))
