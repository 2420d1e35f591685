"""Sessions as rows: each request asks for its own anew, so that ending one bites at once."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from marfa.apps.accounts.models import OpenSession, User
from marfa.platform import clock
from marfa.safeguards.sealed.key_lock import take_back

SEEN_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=30)

# The first that fits names it: most browsers also claim to be the ones further down.
BROWSERS = (
    ("edge", r"\bEdg[A-Z]*/"),
    ("opera", r"\bOPR/"),
    ("samsung", r"\bSamsungBrowser/"),
    ("firefox", r"\b(Firefox|FxiOS)/"),
    ("chrome", r"(Chrome|Chromium|CriOS)/"),
    ("safari", r"\bSafari/"),
)
SYSTEMS = (
    ("android", r"\bAndroid\b"),
    ("ios", r"\b(iPhone|iPad|iPod)\b"),
    ("windows", r"\bWindows\b"),
    ("mac", r"\bMacintosh\b"),
    ("chromeos", r"\bCrOS\b"),
    ("linux", r"\bLinux\b"),
)


def open_session(
    *, user: User, entered_by: OpenSession.EnteredBy, agent: str = "", factor: bool = False
) -> OpenSession:
    """A new session of a user.

    agent: what the browser says it is; its family and its system are kept, nothing else.
    factor: whether a second factor was proved on the way in.
    """
    now = clock.now()
    return OpenSession.objects.create(
        user=user,
        entered_by=entered_by,
        browser=_family(agent, BROWSERS),
        system=_family(agent, SYSTEMS),
        made_at=now,
        last_seen_at=now,
        factor_at=now if factor else None,
    )


def resume_session(session: UUID | str, user_id: UUID) -> OpenSession | None:
    """The session with this key if it is this user's and goes on; marks that it was seen.

    One that was idle too long, or whose time is over, ends here.
    """
    row = OpenSession.objects.filter(pk=session, user_id=user_id, ended_at=None).first()
    if row is None:
        return None
    now = clock.now()
    if now - row.last_seen_at >= timedelta(minutes=settings.MARFA.idle_minutes):
        end_sessions(sessions=_only(row), by=OpenSession.Ended.IDLE)
        return None
    if now - row.made_at >= timedelta(hours=settings.MARFA.session_hours):
        end_sessions(sessions=_only(row), by=OpenSession.Ended.TIME)
        return None
    if now - row.last_seen_at >= SEEN_EVERY:
        _only(row).update(last_seen_at=now)
    return row


def prove_factor(*, session: OpenSession) -> None:
    """Note that the person has just proved a second factor in this session."""
    session.factor_at = clock.now()
    _only(session).update(factor_at=session.factor_at)


def end_sessions(*, sessions: QuerySet[OpenSession], by: OpenSession.Ended) -> int:
    """End sessions that still go on; how many. Their next request is a visitor's.

    What their users had unlocked of what is sealed is locked, everywhere.
    """
    going_on = sessions.filter(ended_at=None)
    for user in set(going_on.values_list("user_id", flat=True)):
        take_back(user)
    return going_on.update(ended_at=clock.now(), ended_by=by)


def end_all_of(*, user: User, by: OpenSession.Ended, but: OpenSession | None = None) -> int:
    """End a user's sessions, all or all but one; how many."""
    sessions = OpenSession.objects.filter(user=user)
    return end_sessions(sessions=sessions.exclude(pk=but.pk) if but else sessions, by=by)


def going_on(prefix: str = "") -> Q:
    """Sessions that a next request would still find. One that nobody came back to ends without
    anybody noticing, so that an open row alone says little.

    prefix: the way to the sessions, such as ``"open_sessions__"``.
    """
    now = clock.now()
    conditions = {
        "ended_at": None,
        "last_seen_at__gt": now - timedelta(minutes=settings.MARFA.idle_minutes),
        "made_at__gt": now - timedelta(hours=settings.MARFA.session_hours),
    }
    return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})


def sessions_of(user: User) -> QuerySet[OpenSession]:
    """A user's sessions that go on, the latest first."""
    return OpenSession.objects.filter(going_on(), user=user).order_by("-last_seen_at")


def forget_ended() -> int:
    """Delete sessions that ended a month ago, or were left without an end; how many."""
    limit = clock.now() - KEPT
    return OpenSession.objects.filter(last_seen_at__lte=limit).delete()[0]


def _only(row: OpenSession) -> QuerySet[OpenSession]:
    return OpenSession.objects.filter(pk=row.pk)


def _family(agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for name, pattern in known if re.search(pattern, agent[:500])), "")
