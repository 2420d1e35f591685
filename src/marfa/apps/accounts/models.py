"""Users and the links that let them in."""

from __future__ import annotations

import unicodedata

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marfa.domain.ids import new_id, new_reference


class UserManager(BaseUserManager["User"]):
    """Finds a user as they would type their name."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username_key=username_key(username or ""))


def username_key(username: str) -> str:
    """What two user names share when a person would take them for one, in any script."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())


class User(AbstractBaseUser):
    """A member of staff. What they may see comes from role grants, never from a flag here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    username = models.CharField(_("user name"), max_length=60)
    # Databases differ in what they know of upper and lower case, so the key is made here.
    username_key = models.CharField(max_length=200, unique=True, editable=False)
    display_name = models.CharField(_("name shown to colleagues"), max_length=120)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(_("created"))

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        # Objects end up in log lines and error reports, so they show no name.
        return f"user {self.reference}"


LONGEST_QUERY = 400
"""Characters of what narrows a list, in its address."""


class ListView(models.Model):
    """A view of a list that somebody keeps: its address, with codes and references alone. It has
    no name of its own, in which somebody might be named."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="list_views")
    path = models.CharField(max_length=200)
    query = models.CharField(max_length=LONGEST_QUERY)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("view of a list")
        verbose_name_plural = _("views of lists")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "path", "query"], name="accounts_list_view_once"
            ),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"


class SignInLink(models.Model):
    """A link that lets one person in once. Only a digest of its secret is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")

    def __str__(self) -> str:
        return f"sign-in link {self.pk}"


class Password(models.Model):
    """What is known of a user's password: its Argon2id digest, sealed under the key of the
    installation, so that a stolen copy of the database alone lets nobody guess."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="password_factor"
    )
    digest = models.BinaryField(editable=False)
    made_at = models.DateTimeField(_("set"))

    class Meta:
        verbose_name = _("password")
        verbose_name_plural = _("passwords")

    def __str__(self) -> str:
        return f"password of {self.user_id}"


class Authenticator(models.Model):
    """An app that makes one-time codes. Its seed is sealed; a code is accepted once.

    last_step: the time step of the last code that was accepted; earlier ones are refused.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="authenticators")
    seed = models.BinaryField(editable=False)
    made_at = models.DateTimeField(_("added"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    last_step = models.BigIntegerField(default=0)
    last_used_on = models.DateField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(confirmed_at__isnull=False),
                name="accounts_one_authenticator",
            ),
        ]

    def __str__(self) -> str:
        return f"authenticator {self.pk}"


class RecoveryCode(models.Model):
    """A code on paper that works once. Only a digest of its 80 random bits is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class Passkey(models.Model):
    """A WebAuthn credential, bound to this origin, that asked its holder for finger, face or PIN.

    credential: its id, base64url. public_key: COSE key. sign_count: as the device last told.
    doubted_at: when the counter ran backwards, as that of a copied key does; it opens nothing then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    credential = models.CharField(max_length=1400, unique=True, editable=False)
    public_key = models.BinaryField(editable=False)
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(_("name"), max_length=60)
    made_at = models.DateTimeField(_("added"))
    last_used_on = models.DateField(_("last used"), null=True, blank=True)
    doubted_at = models.DateTimeField(_("doubted"), null=True, blank=True)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        constraints = [
            models.CheckConstraint(condition=Q(sign_count__gte=0), name="accounts_count_positive"),
        ]

    def __str__(self) -> str:
        return f"passkey {self.reference}"


NAMES = {
    "edge": "Edge",
    "opera": "Opera",
    "samsung": "Samsung Internet",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
    "android": "Android",
    "ios": "iOS",
    "windows": "Windows",
    "mac": "macOS",
    "chromeos": "ChromeOS",
    "linux": "Linux",
}
"""Families of browsers and systems; proper names, the same in every language."""


class OpenSession(models.Model):
    """One device on which somebody is signed in. Every request asks for this row anew.

    browser, system: families alone, such as ``firefox`` and ``android``.
    last_seen_at: to the minute, for the limit of idleness.
    factor_at: when a second factor was last proved here.
    """

    class EnteredBy(models.TextChoices):
        LINK = "link", _("one-time link")
        PASSWORD = "password", _("password")
        PASSKEY = "passkey", _("passkey")
        DEMONSTRATION = "demonstration", _("demonstration")

    class Ended(models.TextChoices):
        LEFT = "left", _("signed out")
        REVOKED = "revoked", _("ended manually")
        IDLE = "idle", _("no activity for a long time")
        TIME = "time", _("expired")
        BLOCKED = "blocked", _("user blocked or unblocked")
        CHANGED = "changed", _("password or factors changed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    entered_by = models.CharField(max_length=20, choices=EnteredBy.choices)
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField(_("since"))
    last_seen_at = models.DateTimeField(_("last seen"))
    factor_at = models.DateTimeField(_("second factor proved"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.CharField(max_length=20, choices=Ended.choices, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(entered_by__in=["link", "password", "passkey", "demonstration"]),
                name="accounts_entered_by_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="")
                | Q(
                    ended_at__isnull=False,
                    ended_by__in=["left", "revoked", "idle", "time", "blocked", "changed"],
                ),
                name="accounts_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(last_seen_at__gte=F("made_at")), name="accounts_seen_after_made"
            ),
        ]
        indexes = [models.Index(fields=["user", "ended_at"], name="accounts_sessions_of_user")]

    def __str__(self) -> str:
        return f"session {self.reference}"

    @property
    def device(self) -> str:
        """Browser and system by their own names, so that a person knows the device again."""
        names = [NAMES[code] for code in (self.browser, self.system) if code in NAMES]
        return ", ".join(names) or gettext("unknown device")
