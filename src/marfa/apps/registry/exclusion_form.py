"""The forms about who is shut out of a record."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Organisation, Team
from marfa.apps.registry.exclusions import Possible
from marfa.apps.registry.models import RecordExclusion
from marfa.apps.registry.protection_form import sentence_field

Who = User | Team | Organisation


class ExcludeForm(forms.Form):
    """Whom, on whose wish, and why."""

    who = forms.ChoiceField(
        label=_("Who must not find this person any more?"),
        help_text=_("From this moment on, in searches, lists and figures too. They are not told."),
    )
    wish = forms.ChoiceField(
        label=_("Whose wish is it?"),
        choices=[
            (RecordExclusion.Wish.PERSON, _("The person’s own. They need not say why.")),
            (RecordExclusion.Wish.COLLEAGUE, _("Mine: I have a reason.")),
            (RecordExclusion.Wish.OWN, _("Theirs: they know the person, for example.")),
        ],
        widget=forms.RadioSelect,
    )
    reason = sentence_field(
        _("Why?"),
        _("Only the person who confirms it reads this. It may be left empty if the person wishes."),
    )

    def __init__(self, *given: object, possible: Possible) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.possible = possible
        self.fields["who"].choices = _choices(possible)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Who:
        """Who was chosen, of a form that is valid."""
        wanted = self.cleaned_data["who"]
        rows: tuple[Who, ...] = (
            *self.possible.staff,
            *self.possible.teams,
            *self.possible.organisations,
        )
        return next(each for each in rows if each.reference == wanted)


class LiftForm(forms.Form):
    """Why somebody is to be let in again."""

    why = sentence_field(
        _("Why may they see the record again?"),
        _("Ask the person first. A second colleague reads this and decides."),
    )


def _choices(possible: Possible) -> list[tuple[str, str]]:
    # Names are set apart from the words before them (FIRST STRONG ISOLATE).
    teams = [(each.reference, _named(gettext("Team: %(name)s"), each)) for each in possible.teams]
    others = [
        (each.reference, _named(gettext("Everyone in: %(name)s"), each))
        for each in possible.organisations
    ]
    staff = [(each.reference, each.display_name) for each in possible.staff]
    return [("", gettext("Choose")), *staff, *teams, *others]


def _named(text: str, named: Team | Organisation) -> str:
    return text % {"name": f"\u2068{named.name}\u2069"}
