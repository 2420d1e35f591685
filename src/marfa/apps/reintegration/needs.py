"""What to think of for each need. The same for every child: nothing here depends on what a child is
or did."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROMPTS: Mapping[str, Promise] = {
    "health": _(
        "Wounds, pain, sleep and food; care after violence for girls and boys alike, also long "
        "after it; pregnancy and birth."
    ),
    "psychosocial": _("Someone to trust, play and groups, care for fear and bad dreams."),
    "education": _("School, or learning that makes up for missed years; a way there that is safe."),
    "livelihood": _("Training and safe work from the legal age on; no debt to anyone for it."),
    "family": _(
        "How family, neighbours and school receive the child; a mediator whom they trust; another "
        "place where they do not."
    ),
    "papers": _("Birth registration and papers, without a visit to an authority that is feared."),
    "disability": _(
        "Aids such as glasses or a wheelchair, a way of speaking such as sign, places that can be "
        "entered."
    ),
    "own_child": _(
        "For a child who is a mother or a father: the baby has a record of its own, is registered "
        "at birth, and stays with its mother; childcare, so that school is possible."
    ),
}
