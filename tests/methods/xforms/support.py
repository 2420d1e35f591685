"""Small forms, written out."""

from __future__ import annotations

from marfa.methods.xforms import FormModel, parse


def xform(*, places: str, binds: str = "", body: str = "", model: str = "") -> str:
    """An XForm with these places under ``/data``."""
    return f"""<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
        xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms">
<h:head><h:title>T</h:title><model>
<instance><data id="t" version="1">{places}<meta><instanceID/></meta></data></instance>{model}
{binds}<bind nodeset="/data/meta/instanceID" readonly="true()" jr:preload="uid"/>
</model></h:head><h:body>{body}</h:body></h:html>"""


def form(*, places: str, binds: str = "", body: str = "", model: str = "") -> FormModel:
    return parse(xform(places=places, binds=binds, body=body, model=model))
