"""How far a size is rounded up, so that it tells little of what is inside.

Nikitin, Barman, Lueks, Underwood, Hubaux, Ford, "Reducing Metadata Leakage from Encrypted Files and
Communication with PURBs", PoPETs 2019 (4), section 4 and algorithm 1 (Padmé): a size tells
O(log log size) bits, and at most 12 per cent are added, less the larger it is.
"""

from __future__ import annotations

SMALLEST = 4096
"""Bytes. What is smaller is made as large as this, so that a receipt, a recall and a short referral
look alike."""


def padded_size(size: int) -> int:
    """The size that is written for ``size`` bytes; the same again for what was rounded already."""
    if size <= SMALLEST:
        return SMALLEST
    exponent = size.bit_length() - 1
    kept = exponent.bit_length()
    mask = (1 << (exponent - kept)) - 1
    return (size + mask) & ~mask
