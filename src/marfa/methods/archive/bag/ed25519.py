"""Whether a signature holds: Ed25519, written from RFC 8032, section 5.1. Slow, and short."""

import base64
import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1


def point(data):
    """A point of the curve from its 32 bytes (5.1.3): x, y, z, and x times y."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        raise ValueError("no point")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def plus(one, two):
    """The sum of two points (5.1.4)."""
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, one):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = plus(found, one)
        one, number = plus(one, one), number >> 1
    return found


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public, message, signature):
    """Whether ``signature`` (64 bytes) over ``message`` was made with the key of ``public``."""
    try:
        key, first = point(public), point(signature[:32])
    except ValueError:
        return False
    second = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or second >= ORDER:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    left = times(second, BASE)
    right = plus(first, times(int.from_bytes(hashed, "little") % ORDER, key))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


def is_signed_note(note, key):
    """Whether a signed note (C2SP signed-note) has a signature of a key, written NAME+ID+KEY."""
    text, _, below = note.decode().rpartition("\n\n")
    name, _, public = key.split("+", 2)
    lines = [line.split(" ") for line in below.splitlines()]
    raw = [base64.b64decode(line[2])[4:] for line in lines if line[1] == name]
    return any(is_signed(base64.b64decode(public)[1:], text.encode() + b"\n", each) for each in raw)
