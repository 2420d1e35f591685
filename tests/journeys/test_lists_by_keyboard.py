"""A list by keyboard alone: narrowed, sorted, chosen from and given away, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewContext, accessible, fits
from tests.journeys.looks import Device, Look, looks
from tests.support.installation import Served

OPEN = "/desks/protection/supervision/open/"
CHOSEN = ":nth-match(main input[name=rows], {})"
REASONS = {"en": "She leaves on Friday", "ar": "تغادر يوم الجمعة"}


def narrow(device: Device) -> None:
    """To what is urgent within days, the oldest first; the address says it."""
    device.choose("details.list-narrow summary")
    urgency = device.to("select[name=urgency]")
    device.press("ArrowDown", "ArrowDown")
    expect(urgency).to_have_value("days")
    device.to("select[name=sort]")
    device.press("End")
    device.choose("form.list-filters button")
    device.page.wait_for_url("**sort=**")
    expect(device.page.locator("th[aria-sort]")).to_have_count(1)


def give_away(device: Device) -> list[str]:
    """The first two cases, to whoever is offered first; their references."""
    given = []
    for place in (1, 2):
        box = device.to(CHOSEN.format(place))
        device.press("Space")
        expect(box).to_be_checked()
        given.append(box.get_attribute("value") or "")
    device.choose("button[name=do][value=assign]")
    device.page.locator("[name=sure]").wait_for(state="attached")
    accessible(device.page)
    fits(device.page)
    device.choose("main form.form button[value=assign]")
    expect(device.page.locator(".error-summary")).to_be_focused()
    first = device.page.locator("[name=worker]").first.get_attribute("value") or ""
    device.pick("worker", first)
    device.write("text", REASONS[device.look.language])
    device.choose("main form.form button[value=assign]")
    device.page.locator("table.table-list").wait_for()
    return given


@pytest.mark.parametrize("look", looks(0))
def test_cases_are_found_chosen_and_given_away(
    look: Look, new_context: NewContext, served: Served
) -> None:
    device = Device(new_context(base_url=served.origin, **look.settings()), look)
    device.come_in("supervisor")
    device.page.goto(OPEN)
    narrow(device)
    accessible(device.page)
    given = give_away(device)
    assert len(set(given)) == 2
    expect(device.page.locator("main [role=status], main .notice").first).to_be_visible()
    device.choose("form.list-keep button")
    expect(device.page.locator("nav.list-views [aria-current=page]")).to_be_visible()
    device.choose("form.list-keep button")
    expect(device.page.locator("nav.list-views [aria-current=page]")).to_have_count(0)
