"""On which matters a determination is made, and what each of them needs."""

from __future__ import annotations

from marfa.domain.codelists import codelist

RETURN = "return"
TRANSFER = "transfer"
REUNIFICATION = "reunification"
PLACEMENT = "placement"
SEPARATION = "separation"
AUTHORITY_UNSAFE = "authority_unsafe"
MATTERS = codelist("best_interests_matters").codes

WITHOUT_PANEL = (AUTHORITY_UNSAFE,)
"""Two people decide, without a panel: the child cannot wait until several agencies meet."""
BY_AUTHORITY = (SEPARATION,)
"""The competent authority alone orders it; the panel advises, and without the order nothing is in
force."""
NAMES_ONE = (TRANSFER, REUNIFICATION, AUTHORITY_UNSAFE)
"""It decides on one authority, agency or relative, and says which."""
