"""Pictures of what a sheet says, for people who do not read: lines on a square of 64, our own."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

HOUSE = '<path d="M8 32 32 10 56 32M14 28v26h36V28"/>'
PERSON = '<circle cx="32" cy="16" r="8"/><path d="M16 54V42q0-12 16-12t16 12v12"/>'
PICTURES = {
    "everyone": '<circle cx="18" cy="20" r="6"/><circle cx="46" cy="20" r="6"/>'
    '<circle cx="32" cy="16" r="7"/><path d="M6 50V42q0-9 12-9M58 50V42q0-9-12-9'
    'M20 54V42q0-11 12-11t12 11v12"/>',
    "help-free": '<circle cx="32" cy="32" r="24"/><circle cx="32" cy="32" r="11"/>'
    '<path d="M32 18v28M15 15 49 49"/>',
    "you-decide": PERSON + '<path d="M50 12l6 6M50 24h8M6 18l6-6M6 24h8"/>',
    "alone": '<circle cx="20" cy="24" r="7"/><circle cx="44" cy="24" r="7"/>'
    '<path d="M8 54V46q0-9 12-9t12 9v8M32 54v-8q0-9 12-9t12 9v8M26 10h12"/>',
    "needs": HOUSE + '<path d="M32 34v16M24 42h16"/>',
    "children": '<circle cx="32" cy="24" r="8"/><path d="M20 54V46q0-10 12-10t12 10v8M32 8v4"/>',
    "papers": '<path d="M16 8h24l8 8v40H16zM40 8v8h8M24 28h16M24 36h16M24 44h10"/>',
    "open-work": '<path d="M14 50 40 24M34 14l16 16M30 20l14 14M10 10l44 44"/>',
    "open-trip": '<path d="M6 44h52l-8 12H14zM32 8v32M32 12l16 20H32M10 10l44 44"/>',
    "open-body": '<circle cx="32" cy="16" r="8"/><path d="M32 26v14M14 34h36M10 10l44 44'
    'M22 56l10-16 10 16"/>',
    "open-fight": '<path d="M8 36h30l4-6h14v8H44l-6 6v10h-8V44H8zM10 10l44 44"/>',
    "open-crime": '<path d="M32 8v44M14 52h36M14 18h36M14 18 6 36h16zM50 18l-8 18h16z"/>',
    "call": '<path d="M14 10h10l4 14-6 4q4 10 12 14l4-6 14 4v10q-4 6-12 4Q16 46 10 20q0-8 4-10z"/>',
}


def picture(key: str) -> SafeString:
    """The picture of what a line says; a text without one has none."""
    drawn = PICTURES.get(key)
    if drawn is None:
        return SafeString("")
    return mark_safe(  # noqa: S308 - our own drawing
        '<svg class="picture" viewBox="0 0 64 64" fill="none" stroke="#000" stroke-width="3" '
        f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{drawn}</svg>'
    )
