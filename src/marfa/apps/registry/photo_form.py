"""The form of a photograph: that the person agrees, and a picture that is taken or chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LARGEST = 10 * 1024 * 1024
"""Bytes of a picture that is sent in."""

PICTURES = "image/*"


class PhotoForm(forms.Form):
    """Two ways to give a picture: a telephone that is told to use its camera does not let anybody
    choose one that is there."""

    agreed = forms.BooleanField(
        label=gettext_lazy("The person was asked, and agrees to a photograph"),
        help_text=gettext_lazy(
            "Say why you ask, and that nothing changes if they say no. For a child, the "
            "person who looks after them agrees too."
        ),
        error_messages={
            "required": gettext_lazy("Without their agreement there is no photograph.")
        },
    )
    taken = forms.FileField(
        required=False,
        allow_empty_file=True,
        label=gettext_lazy("Take a picture now"),
        widget=forms.FileInput({"accept": PICTURES, "capture": "environment"}),
    )
    chosen = forms.FileField(
        required=False,
        allow_empty_file=True,
        label=gettext_lazy("Or choose an existing one"),
        help_text=gettext_lazy("JPEG, PNG or WebP, up to 10 MB."),
        widget=forms.FileInput({"accept": PICTURES}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        given = self.given()
        if given is None:
            self.add_error("taken", _("Take a picture, or choose one."))
        elif (found[given].size or 0) > LARGEST:
            self.add_error(given, _("This picture is larger than 10 MB. Choose a smaller one."))
        return found

    def content(self) -> bytes:
        """The bytes of the picture, once the form is valid."""
        sent: UploadedFile[bytes] = self.cleaned_data[self.given() or "taken"]
        return bytes(sent.read())

    def given(self) -> str | None:
        """The field with a picture; the one that was just taken goes first."""
        return next((each for each in ("taken", "chosen") if self.cleaned_data.get(each)), None)
