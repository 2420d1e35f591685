"""One-time codes, against the test vectors of RFC 6238 (appendix B) and RFC 4226 (appendix D)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from marfa.crypto.totp import code_at, matching_step, new_seed, provisioning_uri, step_of

SEED = b"12345678901234567890"

# The RFC's eight digits, of which apps show the last six.
RFC_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
RFC_4226 = ("755224", "287082", "359152", "969429", "338314", "254676")


@pytest.mark.parametrize(("seconds", "code"), list(RFC_6238.items()))
def test_published_codes(seconds: int, code: str) -> None:
    assert code_at(SEED, step_of(seconds)) == code[-6:]
    assert matching_step(SEED, code[-6:], seconds) == step_of(seconds)


@pytest.mark.parametrize(("counter", "code"), list(enumerate(RFC_4226)))
def test_published_codes_by_counter(counter: int, code: str) -> None:
    assert code_at(SEED, counter) == code


@pytest.mark.parametrize(("seconds", "fits"), [(0, False), (30, True), (89, True), (120, False)])
def test_the_window_is_one_step_either_way(seconds: int, fits: bool) -> None:
    """A code of 60 to 89 s, typed at other times."""
    code = code_at(SEED, 2)
    assert (matching_step(SEED, code, seconds) is not None) == fits


@pytest.mark.parametrize("code", ["", "28708", "2870822", "abcdef", "٢٨٧٠٨٢"])
def test_what_is_no_code_fits_nothing(code: str) -> None:
    assert matching_step(SEED, code, 59) is None


def test_what_the_app_reads() -> None:
    seed = new_seed()
    uri = urlsplit(provisioning_uri(seed, account="samir", issuer="Work: place & co"))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert uri.path == "/Work%3A%20place%20%26%20co:samir"
    values = parse_qs(uri.query)
    assert values["issuer"] == ["Work: place & co"]
    assert len(values["secret"][0]) == 32
    assert len(seed) == 20
