"""What a view says that it asks the charter is what really decides who gets in."""

from __future__ import annotations

from django.test import Client
from django.urls import get_resolver, reverse

from marfa.apps.access import asked_by
from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.platform import clock
from tests.conftest import Operation, signed_in
from tests.web.matrix import ARGUMENTS
from tests.web.matrix.addresses import addresses


def test_who_gets_in_is_who_the_charter_lets_in(operation: Operation) -> None:
    """Everybody at every view that asks: colleagues of each desk, a guest partner, an outsider."""
    there = addresses(get_resolver().url_patterns)
    asking = [(each.name, asked_by(each.view)) for each in there]
    asking = [(name, asked) for name, asked in asking if asked]
    assert len(asking) > len(Desk)
    everybody = list(User.objects.all())
    assert operation.partner in everybody
    assert operation.outsider in everybody
    for user in everybody:
        client, actor = signed_in(user), actor_of(user, stepped_up_at=clock.now())
        for name, asked in asking:
            arguments = ARGUMENTS.get(name, ())
            lets = all(each.allows(actor, *arguments) for each in asked)
            url = reverse(name, args=arguments)
            status = client.get(url).status_code
            if status == 405:
                status = client.post(url).status_code
            # Nobody is kept out for another reason than those that the view says: what does not
            # exist (404) is looked for after them.
            welcome = (200, 302, 404) if arguments else (200, 302)
            expected = welcome if lets else (403,)
            assert status in expected, f"{user.username} at {name}: {status}"
    for name, _asked in asking:
        url = reverse(name, args=ARGUMENTS.get(name, []))
        assert Client().get(url).status_code in (302, 405)
