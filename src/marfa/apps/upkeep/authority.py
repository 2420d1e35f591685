"""The key of the authority of this installation's network, which the instance key seals."""

from __future__ import annotations

from marfa.platform.lan import AuthorityHolder

AUTHORITY = AuthorityHolder()
