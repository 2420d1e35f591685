"""Adding, publishing and withdrawing forms."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from marfa.apps.forms.field_map import highest_tier, map_questions, origins_of
from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.models import FormDefinition, FormMedia, FormVersion
from marfa.apps.forms.policy_facts import form_to_come, the_form, the_version
from marfa.apps.organisations.models import Organisation
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.xforms import FormModel, parse
from marfa.methods.xforms.convert import Converted, convert
from marfa.methods.xforms.guard import problems_of_form
from marfa.platform import clock
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.words import Purpose, Tier

LANGUAGES = ("en", "ar")
"""In which a form is to be whole; what is missing is named."""
EVERYTHING = "*"
CONVERTED, READ, MAPPED = 40, 55, 90
"""Of a hundred, how much is done of looking at a form after each part; measured."""


@dataclass(frozen=True)
class Examined:
    """A file that can be taken.

    asks: path -> what the question fills. missing: language -> texts that it lacks, or EVERYTHING.
    sensitive: whether it asks what is sensitive, or is asked in screening.
    """

    converted: Converted
    model: FormModel
    purpose: Purpose
    asks: Mapping[str, Mapping[str, str]]
    missing: Mapping[str, list[str]]
    sensitive: bool
    digest: str

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return self.converted.warnings


def examine_xlsform(
    data: bytes, name: str, purpose: Purpose, tell: Callable[[int], None] = lambda percent: None
) -> Examined:
    """Look at an XLSForm as if it were added; changes nothing.

    tell: is told between its parts how much is done, of a hundred; what it raises ends the work.
    Raises InputError with sheet, row and column of everything that keeps it out.
    """
    tell(0)
    converted = convert(data, name)
    tell(CONVERTED)
    model = parse(converted.xform, file=name, rows=converted.rows)
    tell(READ)
    mapped = map_questions(
        model, converted, purpose, name, lambda part: tell(READ + round(part * (MAPPED - READ)))
    )
    asks = mapped.asks
    problems = [*mapped.problems, *guarded(model, converted, asks, purpose, name)]
    tell(100)
    if not model.version:
        place = Place(name, column="version", sheet="settings")
        problems.append(Problem(Message("apps.forms:version-missing"), place))
    if problems:
        raise InputError(*problems)
    sensitive = highest_tier(asks) is Tier.SENSITIVE or purpose is Purpose.SCREENING
    digest = hashlib.sha256(data).hexdigest()
    told = replace(converted, warnings=(*converted.warnings, *mapped.warnings))
    return Examined(told, model, purpose, asks, missing_in(model), sensitive, digest)


def guarded(
    model: FormModel,
    converted: Converted,
    asks: Mapping[str, Mapping[str, str]],
    purpose: Purpose,
    file: str,
) -> list[Problem]:
    """Where a form breaks the charter: rests something on somebody's origin, or ties help to
    cooperation."""
    return problems_of_form(
        model,
        converted,
        file=file,
        assistance=purpose is Purpose.ASSISTANCE,
        declared=origins_of(asks),
    )


def missing_in(model: FormModel) -> dict[str, list[str]]:
    """What is not translated, by language; a form without that language lacks EVERYTHING."""
    found: dict[str, list[str]] = {}
    for code in LANGUAGES:
        name = next((one.name for one in model.languages if one.code == code), None)
        if name is None:
            found[code] = [EVERYTHING]
            continue
        texts = model.translations[name]
        lacking = sorted(key for key, text in texts.items() if not text.parts and not text.media)
        if lacking:
            found[code] = lacking
    return found


def add_form(
    *,
    actor: Actor,
    organisation: Organisation,
    examined: Examined,
    media: Mapping[str, tuple[str, bytes]] | None = None,
) -> FormVersion:
    """Add a version of a form, not published yet.

    media: file name -> (media type, content). The same version with the same text is given back
    as it is. Raises InputError where that version has another text, the form is for another step
    or for practice; DeniedError.
    """
    model, xml = examined.model, examined.converted.xform
    with action(
        actor=actor,
        code="forms.manage",
        purpose=Purpose.ADMINISTRATION,
        resource=form_to_come(organisation.pk),
    ) as act:
        form = FormDefinition.objects.filter(
            organisation=organisation, form_id=model.id
        ).first() or _new_form(organisation, examined)
        if form.is_practice:
            raise InputError.at(Message("apps.forms:practice-of-another", {"form": form.form_id}))
        if form.purpose != examined.purpose:
            raise InputError.at(Message("apps.forms:other-step", {"step": form.purpose}))
        there = FormVersion.objects.filter(form=form, version=model.version).first()
        if there is not None:
            if there.xml != xml:
                raise InputError.at(
                    Message("apps.forms:version-there", {"version": model.version}),
                    column="version",
                )
            return there
        if examined.sensitive and not form.sensitive:
            FormDefinition.objects.filter(pk=form.pk).update(sensitive=True, open_to_apps=False)
        made = _new_version(form, examined, actor)
        _store_media(made, media or {})
        act.made("Form", form.pk)
        act.note(what="version_added", version=str(made.pk))
    return made


def _new_form(organisation: Organisation, examined: Examined) -> FormDefinition:
    model = examined.model
    default = next(
        (one.code for one in model.languages if one.name == model.default_language), "en"
    )
    return FormDefinition.objects.create(
        organisation=organisation,
        form_id=model.id,
        titles={default: model.title},
        purpose=examined.purpose.value,
        sensitive=examined.sensitive,
        created_at=clock.now(),
    )


def _new_version(form: FormDefinition, examined: Examined, actor: Actor) -> FormVersion:
    xml = examined.converted.xform
    return FormVersion.objects.create(
        organisation_id=form.organisation_id,
        form=form,
        version=examined.model.version,
        xml=xml,
        md5=md5_of(xml.encode()),
        source_sha256=examined.digest,
        languages=[one.code for one in examined.model.languages],
        missing=dict(examined.missing),
        asks={path: dict(one) for path, one in examined.asks.items()},
        added_at=clock.now(),
        added_by_id=actor.id if actor.kind is ActorKind.PERSON else None,
    )


def _store_media(version: FormVersion, media: Mapping[str, tuple[str, bytes]]) -> None:
    FormMedia.objects.bulk_create(
        FormMedia(
            organisation_id=version.organisation_id,
            version=version,
            filename=name,
            media_type=kind,
            content=content,
            md5=md5_of(content),
        )
        for name, (kind, content) in media.items()
    )


def md5_of(content: bytes) -> str:
    """What OpenRosa tells two forms apart by; it protects nothing."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def publish_version(*, actor: Actor, version: FormVersion, to_apps: bool | None = None) -> None:
    """Have a version be asked from now on, by somebody else than who added it. What was published
    once stays as it is.

    to_apps: whether outside apps get the form from now on; None leaves that as it is.
    Raises InputError for a sensitive form that outside apps would get, files of it that are not
    there, and what breaks the charter; DeniedError, also for who added it and for commands.
    """
    form = FormDefinition.objects.get(pk=version.form_id)
    if form.is_practice:
        raise InputError.at(Message("apps.forms:practice-of-another", {"form": form.form_id}))
    if to_apps and form.sensitive:
        raise InputError.at(Message("apps.forms:sensitive-not-for-apps"), field="to_apps")
    check_files(version)
    check_charter(version, Purpose(form.purpose))
    with publishing(actor, version):
        FormVersion.objects.filter(pk=version.pk, published_at=None).update(
            published_at=clock.now()
        )
        FormVersion.objects.filter(pk=version.pk).update(withdrawn_at=None, published_by=actor.id)
        if to_apps is not None:
            FormDefinition.objects.filter(pk=form.pk).update(open_to_apps=to_apps)
    version.refresh_from_db()


def check_files(version: FormVersion) -> None:
    """Raises InputError where files that a version shows are not there."""
    lacking = set(model_of(version).media) - set(version.media.values_list("filename", flat=True))
    if lacking:
        names = ", ".join(sorted(lacking))
        raise InputError.at(Message("apps.forms:files-missing", {"names": names}))


def check_charter(version: FormVersion, purpose: Purpose) -> None:
    """Raises InputError for a version, added before this was looked at, that breaks the charter."""
    model = model_of(version)
    bare = Converted(version.xml, (), {})
    problems = guarded(model, bare, version.asks, purpose, model.title or model.id)
    if problems:
        raise InputError(*problems)


def withdraw_version(*, actor: Actor, version: FormVersion) -> None:
    """Have a version not be asked any more; what was filled in before is still taken.

    Raises InputError for one that is not published; DeniedError.
    """
    if not version.is_offered:
        raise InputError.at(Message("apps.forms:not-published"))
    with form_action(actor, version.form, "version_withdrawn", version.pk):
        FormVersion.objects.filter(pk=version.pk).update(withdrawn_at=clock.now())
    version.refresh_from_db()


@contextmanager
def publishing(actor: Actor, version: FormVersion) -> Iterator[None]:
    """One action by which a version begins to be asked. Raises DeniedError."""
    with action(
        actor=actor,
        code="forms.publish",
        purpose=Purpose.ADMINISTRATION,
        resource=the_version(version),
    ) as act:
        act.note(what="version_published", version=str(version.pk))
        yield


@contextmanager
def form_action(actor: Actor, form: FormDefinition, what: str, version: UUID) -> Iterator[None]:
    """One action on a form, by which one of its versions changes. Raises DeniedError."""
    with action(
        actor=actor,
        code="forms.manage",
        purpose=Purpose.ADMINISTRATION,
        resource=the_form(form),
    ) as act:
        act.note(what=what, version=str(version))
        yield
