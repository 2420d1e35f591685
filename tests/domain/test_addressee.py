"""A sentence is put to a woman in the feminine form and to a man in the masculine one."""

from __future__ import annotations

from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import render_message
from marfa.domain.message import Message


def said(addressee: Addressee | None, language: str) -> str:
    return render_message(Message("demo:may-stop", addressee=addressee), language)


def test_arabic_has_a_form_for_each_and_one_for_neither() -> None:
    forms = [said(each, "ar") for each in (None, *Addressee)]
    assert len(set(forms)) == 3
    assert "تتوقفي" in said(Addressee.FEMININE, "ar")
    assert "تتوقفي" not in said(Addressee.MASCULINE, "ar")


def test_english_makes_no_difference() -> None:
    assert len({said(each, "en") for each in (None, *Addressee)}) == 1


def test_a_message_keeps_its_addressee_as_data() -> None:
    message = Message("demo:may-stop", addressee=Addressee.FEMININE)
    assert message.as_json()["addressee"] == "feminine"
    assert message != Message("demo:may-stop", addressee=Addressee.MASCULINE)
