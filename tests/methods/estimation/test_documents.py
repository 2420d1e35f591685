"""What the documentation says of an estimate is what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import click

from marfa.cli.estimate import METHOD_CHOICES, estimate
from marfa.domain.catalogue import render_message
from marfa.methods.estimation import Settings, analyse
from tests.methods.estimation import published_tables

DOCS = Path(__file__).parents[3] / "docs"


def test_the_report_of_the_uk() -> None:
    page = (DOCS / "methods" / "estimation-uk-2013.html").read_text(encoding="utf-8")
    line = analyse(published_tables.UK_5, Settings(order=3, replicates=0, everywhere=True)).headline
    assert line.verdict == "undecided"
    assert re.search(r"The data do not decide between about [\d,]+ and [\d,]+ people \(95%", page)
    for value in (line.basis or {}).values():
        assert f"{round(value):,}" in page
    for caution in line.cautions:
        if caution.key != "caution-heterogeneity":
            assert render_message(caution).replace("'", "&#x27;") in page


def test_every_option_is_documented() -> None:
    text = (DOCS / "reference" / "cli-estimate.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"--[a-z-]+", text))
    for parameter in estimate.params:
        if isinstance(parameter, click.Option):
            assert set(parameter.opts) & documented, parameter.opts
    assert all(f"`{method}`" in text for method in METHOD_CHOICES)
