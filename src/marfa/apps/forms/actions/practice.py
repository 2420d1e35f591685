"""Forms for practice: officers fill in made-up people with an app, and nothing comes of it.

Outside apps do not encrypt what is filled in, so that a sensitive form is never given to them. What
they may have is a twin of it: the same questions under an identifier of its own, marked by its
title and a first note. What comes in for a twin is judged like all and becomes nothing.
"""

from __future__ import annotations

from marfa.apps.forms.actions.versions import check_files, form_action, md5_of, missing_in
from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.models import FormDefinition, FormMedia, FormVersion
from marfa.apps.forms.models.definitions import PRACTICE
from marfa.apps.forms.queries import OFFERED
from marfa.domain.catalogue import render_message
from marfa.domain.message import InputError, Message
from marfa.methods.xforms import parse
from marfa.methods.xforms.notes import with_note
from marfa.platform import clock
from marfa.safeguards.actor import Actor

DAYS = 14
"""After so many days what came in for practice is deleted."""
LONGEST_ID = 64
NOTE = "practice_note"
LANGUAGES = ("en", "ar")


def offer_for_practice(*, actor: Actor, version: FormVersion) -> FormVersion:
    """Have outside apps get a version for practice; the twin of it, which is made where it is not
    there. Doing it again changes nothing.

    Raises InputError for a version that is a twin itself, for files that it shows and that are not
    there, and where another form has the identifier already; DeniedError.
    """
    form = FormDefinition.objects.get(pk=version.form_id)
    if form.is_practice:
        raise InputError.at(Message("apps.forms:practice-of-another", {"form": form.form_id}))
    check_files(version)
    with form_action(actor, form, "offered_for_practice", version.pk):
        twin = _twin_of(form, version)
        made = FormVersion.objects.filter(form=twin, version=version.version).first()
        made = made or _new_version(twin, version)
        FormVersion.objects.filter(pk=made.pk).update(
            published_at=made.published_at or clock.now(), withdrawn_at=None
        )
        FormDefinition.objects.filter(pk=twin.pk).update(open_to_apps=True)
    made.refresh_from_db()
    return made


def stop_practice(*, actor: Actor, version: FormVersion) -> None:
    """Have no version of a form be practised any more; what devices still send is taken as
    practice. Raises InputError where none is practised; DeniedError."""
    found = FormVersion.objects.filter(OFFERED, form__practice_of=version.form_id)
    if not found.exists():
        raise InputError.at(Message("apps.forms:not-published"))
    with form_action(actor, version.form, "practice_stopped", version.pk):
        found.update(withdrawn_at=clock.now())
        FormDefinition.objects.filter(practice_of=version.form_id).update(open_to_apps=False)


def practised_as(version: FormVersion) -> FormVersion | None:
    """The twin of a version that outside apps get now, if there is one."""
    return FormVersion.objects.filter(
        OFFERED,
        form__practice_of=version.form_id,
        form__open_to_apps=True,
        version=version.version,
    ).first()


def _twin_of(form: FormDefinition, version: FormVersion) -> FormDefinition:
    there = FormDefinition.objects.filter(practice_of=form).first()
    if there is not None:
        # As strict as the form that is practised has become.
        FormDefinition.objects.filter(pk=there.pk).update(sensitive=form.sensitive)
        return there
    name = form.form_id[: LONGEST_ID - len(PRACTICE)] + PRACTICE
    if FormDefinition.objects.filter(organisation=form.organisation_id, form_id=name).exists():
        raise InputError.at(Message("apps.forms:practice-name-taken", {"form": name}))
    return FormDefinition.objects.create(
        organisation_id=form.organisation_id,
        form_id=name,
        titles=_titles(form, version),
        purpose=form.purpose,
        sensitive=form.sensitive,
        practice_of=form,
        created_at=clock.now(),
    )


def _titles(form: FormDefinition, version: FormVersion) -> dict[str, str]:
    """The title in each language that it has, and in Arabic and English, marked in each."""
    titles: dict[str, str] = form.titles
    some = next(iter(titles.values()), "") or model_of(version).title or form.form_id
    return {
        code: _said("practice-title", code, title=titles.get(code) or some)
        for code in dict.fromkeys((*LANGUAGES, *titles))
    }


def _new_version(twin: FormDefinition, version: FormVersion) -> FormVersion:
    model = model_of(version)
    title = model.title or twin.form_id
    for code in reversed(LANGUAGES):  # an XForm has one title, whatever its languages
        title = _said("practice-title", code, title=title)
    xml = with_note(version.xml, form_id=twin.form_id, title=title, note=NOTE, words=_note)
    made = FormVersion.objects.create(
        organisation_id=version.organisation_id,
        form=twin,
        version=version.version,
        xml=xml,
        md5=md5_of(xml.encode()),
        source_sha256=version.source_sha256,
        languages=version.languages,
        missing=missing_in(parse(xml)),
        asks=version.asks,
        added_at=clock.now(),
    )
    FormMedia.objects.bulk_create(
        FormMedia(
            organisation_id=one.organisation_id,
            version=made,
            filename=one.filename,
            media_type=one.media_type,
            content=one.content,
            md5=one.md5,
        )
        for one in version.media.all()
    )
    return made


def _note(code: str) -> str:
    """The note in a language that we have, or else in both."""
    told = (code,) if code in LANGUAGES else LANGUAGES
    return "\n".join(_said("practice-note", each, days=DAYS) for each in told)


def _said(key: str, code: str, **params: str | int) -> str:
    return render_message(Message(f"apps.forms:{key}", params), code if code in LANGUAGES else "en")
