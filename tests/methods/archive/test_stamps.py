"""Foreign time: stamps of a local authority, kept, checked, and refused for a reason."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marfa.crypto.timestamps import Reason, StampError, check_stamp, stamp_request
from marfa.methods.archive import ask_for_stamp, keep_stamp, verify_archive
from tests.methods.archive.authority import Authority, inject
from tests.methods.archive.support import add, make_plain, write


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the authority has a clock of its own


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = make_plain(tmp_path / "archive")
    add(folder, write(tmp_path, "f", b"x"), item="A")
    return folder


def reason(response: bytes, request: bytes, roots: bytes, at: datetime | None = None) -> Reason:
    with pytest.raises(StampError) as found:
        check_stamp(response, request, roots, at or now())
    return found.value.reason


def test_a_stamp_holds(authority: Authority) -> None:
    request = stamp_request(b"data")
    found = check_stamp(authority.stamp(request), request, authority.roots, now())
    assert found.authority == "CN=tsa"
    assert found.digest == hashlib.sha512(b"data").digest()
    assert abs(found.at - now()) < timedelta(minutes=5)
    assert found.ends < now() + timedelta(days=31)


def test_another_request_is_refused(authority: Authority) -> None:
    request = stamp_request(b"data")
    response = authority.stamp(request)
    assert reason(response, stamp_request(b"other"), authority.roots) is Reason.OTHER_REQUEST
    again = stamp_request(b"data")
    assert reason(response, again, authority.roots) is Reason.OTHER_REQUEST, "another nonce"


def test_what_has_ended_is_refused(authority: Authority, tmp_path: Path) -> None:
    request = stamp_request(b"data")
    later = now() + timedelta(days=40)
    assert reason(authority.stamp(request), request, authority.roots, later) is Reason.EXPIRED
    ended = Authority(tmp_path / "ended", days=-1)
    assert reason(ended.stamp(request), request, ended.roots) is Reason.EXPIRED


def test_a_certificate_that_was_put_beside_it_is_refused(authority: Authority) -> None:
    request = stamp_request(b"data")
    response = authority.stamp(request)
    authority.issue("other", "stamps", 30)
    injected = inject(response, authority.certificate("other"))
    assert reason(injected, request, authority.roots) is Reason.INJECTED_CERTIFICATE
    whole = inject(response, authority.certificate("ca"))
    assert check_stamp(whole, request, authority.roots, now()).authority == "CN=tsa"


def test_who_is_not_trusted_is_refused(authority: Authority, tmp_path: Path) -> None:
    request = stamp_request(b"data")
    other = Authority(tmp_path / "other")
    assert reason(authority.stamp(request), request, other.roots) is Reason.UNTRUSTED


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda response: b"", Reason.RESPONSE_ODD),
        (lambda response: response[:-1], Reason.RESPONSE_ODD),
        (lambda response: response[:-1] + bytes([response[-1] ^ 1]), Reason.UNTRUSTED),
    ],
)
def test_a_spoilt_response_is_refused(
    authority: Authority, spoil: Callable[[bytes], bytes], expected: Reason
) -> None:
    request = stamp_request(b"data")
    assert reason(spoil(authority.stamp(request)), request, authority.roots) is expected


def test_odd_files_are_told_apart(authority: Authority) -> None:
    request = stamp_request(b"data")
    response = authority.stamp(request)
    assert reason(response, b"x", authority.roots) is Reason.REQUEST_ODD
    assert reason(response, request, b"x") is Reason.ROOTS_ODD


def test_a_stamp_is_kept_and_checked(archive: Path, authority: Authority, tmp_path: Path) -> None:
    """Ours, and by openssl from the files that lie in the archive."""
    response = authority.stamp(ask_for_stamp(archive, now))
    reference, _entry = keep_stamp(archive, response, now, roots=authority.roots)
    report = verify_archive(archive)
    assert (report.valid, report.unchecked_stamps) == (True, [])
    folder = archive / "stamps" / reference
    command = "openssl ts -verify -data data -in response.tsr -CAfile roots.pem"
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    assert (folder / "response.tsr").read_bytes() == response, "the full response"


def test_a_later_stamp_takes_in_the_earlier(
    archive: Path, authority: Authority, tmp_path: Path
) -> None:
    first, _ = keep_stamp(archive, authority.stamp(ask_for_stamp(archive, now)), now)
    second = Authority(tmp_path / "two")
    response = second.stamp(ask_for_stamp(archive, now, again=True))
    later, _ = keep_stamp(archive, response, now, roots=second.roots)
    report = verify_archive(archive)
    assert (report.valid, report.unchecked_stamps) == (True, [f"stamps/{first}"])
    listed = (archive / "stamps" / later / "data").read_text()
    assert f"stamps/{first}/response.tsr" in listed
    command = ["sha512sum", "-c", f"stamps/{later}/data"]
    subprocess.run(command, cwd=archive, check=True, capture_output=True)


@pytest.mark.parametrize("name", ["response.tsr", "data", "checkpoint", "roots.pem"])
def test_a_stamp_that_was_changed_is_found(archive: Path, authority: Authority, name: str) -> None:
    response = authority.stamp(ask_for_stamp(archive, now))
    reference, _ = keep_stamp(archive, response, now, roots=authority.roots)
    path = archive / "stamps" / reference / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    found = {(p.code, p.path) for p in verify_archive(archive).problems}
    assert ("stamp", f"stamps/{reference}/{name}") in found
    path.unlink()
    assert not verify_archive(archive).valid


def test_a_response_to_nobody_is_refused(archive: Path, authority: Authority) -> None:
    with pytest.raises(StampError) as found:
        keep_stamp(archive, authority.stamp(stamp_request(b"other")), now)
    assert found.value.reason is Reason.OTHER_REQUEST
    assert list((archive / "stamps").iterdir()) == []


def test_a_log_cut_below_its_stamp_is_found(archive: Path, authority: Authority) -> None:
    from marfa.methods.archive.layout import entries_file

    response = authority.stamp(ask_for_stamp(archive, now))
    keep_stamp(archive, response, now)
    path = entries_file(archive, 0)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    assert not verify_archive(archive).valid
