"""Who may open the pages of forms."""

from __future__ import annotations

from tests.web.matrix.rules import (
    DEVICES,
    FILE,
    FILLING,
    FORM,
    MANAGERS,
    SIGNED_IN,
    SUPERVISORS,
    Url,
    each,
)

URLS = {
    "openrosa:list": Url(DEVICES, answer=401),
    **each("openrosa", ("form", "manifest"), Url(DEVICES, FILE, answer=401)),
    "openrosa:media": Url(DEVICES, (*FILE, "picture.png"), answer=401),
    "openrosa:submission": Url(DEVICES, answer=401, post=True),
    **each("forms", ("all", "add"), Url(MANAGERS)),
    "forms:make": Url(MANAGERS, ("nothing-of-this-name",), answer=404, post=True),
    **each("forms", ("version", "upload"), Url(MANAGERS, FILE, answer=404)),
    "forms:answers": Url(SUPERVISORS, FILE, answer=404),
    "forms:answered": Url(SUPERVISORS, (*FILE, "0", "0"), answer=404),
    "forms:came": Url(SUPERVISORS),
    **each("forms", ("one", "to_record"), Url(SUPERVISORS, FILE, answer=404)),
    "forms:read": Url(FILLING, FILE, answer=404),
    "forms:attached": Url(FILLING, (*FILE, "no-such-file"), answer=404),
    "forms:devices": Url(SIGNED_IN),
    "forms:end_device": Url(SIGNED_IN, FILE, answer=405),
    **each("filling", ("choose", "sent"), Url(FILLING)),
    "filling:begin": Url(FILLING, FILE, answer=404, post=True),
    "filling:definition": Url(FILLING, FILE, answer=404),
    **each("filling", ("check", "discard", "whole"), Url(FILLING, FORM, answer=404)),
    "filling:language": Url(FILLING, FORM, answer=404, post=True),
    "filling:page": Url(FILLING, (*FORM, "1"), answer=404),
}
