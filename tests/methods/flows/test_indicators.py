"""The indicators as data, and as texts."""

from __future__ import annotations

from marfa.domain.catalogue import render_message
from marfa.methods.flows import indicators
from marfa.methods.flows.indicators import FAMILIES, benign_message, indicator_message


def test_texts_are_those_of_the_file() -> None:
    known = indicators()
    assert len(known) == 77
    assert FAMILIES.keys() <= known.keys()
    for each in known.values():
        said = render_message(indicator_message(each.id), "en")
        assert said.rstrip(".") == each.indicator.strip().rstrip(".")
        assert render_message(indicator_message(each.id), "ar") != said
        if each.is_explained:
            assert render_message(benign_message(each.id), "en") == each.benign_explanations


def test_every_computed_indicator_names_what_else_it_may_be() -> None:
    for name in FAMILIES:
        assert indicators()[name].is_explained, name
