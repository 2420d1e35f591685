"""``marfa lan``: the authority that phones on the site's own network trust."""

from __future__ import annotations

from pathlib import Path

import click

from marfa.cli.base import Exit, Group, exit_with_error, json_option, print_json, print_message
from marfa.cli.language import _
from marfa.cli.server.installation import data_option, open_installation
from marfa.cli.server.listening import print_enrolment
from marfa.domain.message import Message
from marfa.platform.occupancy import occupy_alone


@click.group("lan", cls=Group, help=_("Phones on the site's own network, and what they trust."))
def lan() -> None:
    """Group of the commands about the site's own network."""


@lan.command(
    "show",
    help=_("Say where a phone begins and which certificate it is to trust; with a code to scan."),
    examples=("marfa lan show --data /srv/marfa",),
)
@data_option
@json_option
def show(data: Path | None, as_json: bool) -> None:
    """What marfa serve said when it started."""
    folder = open_installation(data)
    from marfa.platform.lan import enrolment_of, enrolment_url

    found = enrolment_of(folder.path)
    if found is None:
        exit_with_error(Message("cli.server:lan-none"), code=Exit.PROBLEMS)
    from django.conf import settings

    url = enrolment_url(settings.MARFA, found.named.addresses)
    if as_json:
        print_json(
            {
                "name": found.named.name,
                "addresses": [str(each) for each in found.named.addresses],
                "until": found.named.ends.isoformat(),
                "enrol": url,
                "fingerprint": found.fingerprint,
            }
        )
        return
    print_enrolment(url, found.fingerprint)


@lan.command(
    "renew",
    help=_(
        "Make a new authority, for the name of the settings and the present addresses. Phones "
        "that trust the former one are set up again. For a key that someone saw, or a machine "
        "that has another address."
    ),
    examples=("marfa lan renew --data /srv/marfa",),
)
@data_option
@json_option
def renew(data: Path | None, as_json: bool) -> None:
    """While nobody serves: a server goes on with what it read."""
    folder = open_installation(data)
    from django.conf import settings

    from marfa.platform.lan import DEFAULT_NAME, enrolment_url, listening_addresses, renew_authority

    addresses = listening_addresses(settings.MARFA)
    with occupy_alone(folder.path):
        made = renew_authority(folder, settings.MARFA.lan_name or DEFAULT_NAME, addresses)
        _tell_log()
    if as_json:
        print_json({"name": made.named.name, "fingerprint": made.fingerprint})
        return
    print_message(Message("cli.server:lan-renewed"))
    print_enrolment(enrolment_url(settings.MARFA, addresses), made.fingerprint)


def _tell_log() -> None:
    """That another authority counts from now on."""
    from marfa.domain.ids import new_id
    from marfa.safeguards import actions
    from marfa.safeguards.actor import Actor, ActorKind
    from marfa.safeguards.audit.event import Event
    from marfa.safeguards.words import Purpose

    made = Event(
        action="lan.renew",
        actor=Actor(new_id(), ActorKind.COMMAND),
        purpose=Purpose.ADMINISTRATION,
        object_kind="Organisation",
    )
    actions.log_events(made)
