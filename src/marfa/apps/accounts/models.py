"""Users and the links that let them in."""

from __future__ import annotations

import unicodedata

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
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
