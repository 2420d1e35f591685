"""An erased list of its own for each test."""

from tests.safeguards.vault.conftest import erased as erased
