"""One filling-in of one form, from its beginning to its sending: a draft of the person's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from marfa.apps.accounts.models import User
from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.models import FormVersion
from marfa.apps.organisations.queries import zone_of
from marfa.apps.registry.policy_facts import KIND as PERSON
from marfa.methods.xforms import State, Surroundings, draft_xml, resume, start
from marfa.platform import clock
from marfa.platform.files.actions import keep_unused
from marfa.platform.revisions.drafts import discard_draft, open_draft, save_draft
from marfa.platform.rowsecurity.ownership import Owner
from marfa.safeguards.actor import Actor

FORM = "forms.fill"
LONGEST_DRAFT = 1_000_000


@dataclass
class Flow:
    """key: random, the instanceID too, so that sending twice is one submission.

    files: keys of uploaded files by the name that the answer has. sent: the bytes that are being
    sent, once the person has sent them. seen: the version of the draft that was opened. site: at
    which it is filled in, where the person works at several. about: key of the person for whom it
    was begun, if any.
    """

    key: UUID
    version: FormVersion
    state: State
    language: str
    files: dict[str, str] = field(default_factory=dict)
    sent: str = ""
    seen: int = 0
    site: UUID | None = None
    about: UUID | None = None

    @property
    def owner(self) -> Owner:
        """Whose the draft and its files are until they are sent: the organisation's, and about the
        person for whom it was begun, or else about no record that there is."""
        if self.about is not None:
            return Owner(self.version.organisation_id, PERSON, self.about)
        return Owner(self.version.organisation_id)


def form_surroundings(actor: Actor, language: str) -> Surroundings:
    """The clocks by which the person works. Who fills in is not put into the answers."""
    zone = ZoneInfo(zone_of(actor))
    return Surroundings(clock.now().astimezone(zone), language)


def begin_flow(
    user: User,
    actor: Actor,
    version: FormVersion,
    language: str,
    site: UUID | None = None,
    about: UUID | None = None,
) -> Flow:
    """Open a form for the first time, and keep it. about: key of the person for whom."""
    key = uuid4()
    form = model_of(version)
    state = start(form, form_surroundings(actor, form.language(language)))
    state.put({f"/{form.root.name}/meta/instanceID": f"uuid:{key}"})
    flow = Flow(key, version, state, form.language(language), site=site, about=about)
    save_flow(user, flow)
    return flow


def open_flow(user: User, actor: Actor, key: UUID) -> Flow | None:
    """What this person began and did not send yet; None for anybody else."""
    draft = open_draft(user=user.pk, form=FORM, subject=key)
    if draft is None:
        return None
    content = draft.content
    version = FormVersion.objects.select_related("form").get(pk=str(content["version"]))
    language = str(content["language"])
    state = resume(model_of(version), str(content["xml"]), form_surroundings(actor, language))
    files, site, about = content["files"], content.get("site"), content.get("about")
    return Flow(
        key,
        version,
        state,
        language,
        files={str(k): str(v) for k, v in files.items()} if isinstance(files, dict) else {},
        sent=str(content["sent"]),
        seen=draft.version,
        site=UUID(str(site)) if site else None,
        about=UUID(str(about)) if about else None,
    )


def save_flow(user: User, flow: Flow) -> None:
    """Keep what was answered so far, and its files with it.

    Raises DraftMovedError where another page kept it meanwhile.
    """
    content = {
        "version": str(flow.version.pk),
        "xml": draft_xml(flow.state),
        "language": flow.language,
        "files": flow.files,
        "sent": flow.sent,
        "site": str(flow.site or ""),
        "about": str(flow.about or ""),
    }
    flow.seen = save_draft(
        user=user.pk,
        form=FORM,
        subject=flow.key,
        content=content,
        owner=flow.owner,
        seen=flow.seen,
    )
    keep_unused([UUID(key) for key in flow.files.values()])


def discard_flow(user: User, flow: Flow) -> None:
    """Nothing of it is left among the drafts."""
    discard_draft(user=user.pk, form=FORM, subject=flow.key)
