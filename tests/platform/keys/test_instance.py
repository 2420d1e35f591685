"""Versions of the instance key, and the former ones under the present one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.conf import settings

from marfa.crypto.keys import Key
from marfa.domain.message import InputError
from marfa.platform.keys import former_keys
from marfa.platform.keys.former_keys import Ring
from marfa.platform.keys.instance import current_version, instance_key, instance_keys

IDENTIFIER = "0123456789abcdef"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    (tmp_path / "keys").mkdir(mode=0o700)
    return tmp_path / "keys"


def rotate(keys: Path, ring: Ring, present: Key) -> tuple[Ring, Key]:
    new = Key.random()
    ring = former_keys.after_rotation(ring, present)
    former_keys.write_ring(keys, new, ring, IDENTIFIER)
    return ring, new


def test_the_present_key_has_all_former_ones(keys: Path) -> None:
    first = Key.random()
    assert former_keys.read_ring(keys, first, IDENTIFIER) == Ring(1, {})
    ring, second = rotate(keys, Ring(), first)
    ring, third = rotate(keys, ring, second)
    # Until the key itself is put in its place, each key finds its own file, or none.
    assert former_keys.read_ring(keys, first, IDENTIFIER) == Ring(1, {})
    assert former_keys.read_ring(keys, second, IDENTIFIER) == Ring(2, {1: first})
    assert former_keys.read_ring(keys, third, IDENTIFIER) == ring == Ring(3, {1: first, 2: second})
    assert [ring.key(n, third) for n in (1, 2, 3, 4)] == [first, second, third, None]
    former_keys.drop_other_files(keys, third)
    assert [file.name for file in keys.iterdir()] == [former_keys.file_of(keys, third).name]
    file = former_keys.file_of(keys, third)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for key in (first, second, third):
        assert key.expose().hex() not in file.read_text()


def test_former_keys_of_another_installation_or_another_number_do_not_open(keys: Path) -> None:
    _, second = rotate(keys, Ring(), Key.random())
    with pytest.raises(InputError):
        former_keys.read_ring(keys, second, "fedcba9876543210")
    file = former_keys.file_of(keys, second)
    text = file.read_text()
    for wrong in (text.replace('"1":', '"7":'), text.replace('"number": 2', '"number": 3'), "{"):
        file.write_text(wrong)
        with pytest.raises(InputError):
            former_keys.read_ring(keys, second, IDENTIFIER)
    file.write_text(text)
    file.chmod(0o640)
    with pytest.raises(InputError):
        former_keys.read_ring(keys, second, IDENTIFIER)


def test_each_purpose_has_a_key_of_its_own() -> None:
    own = settings.FOLDER.instance_key
    found = [own, instance_key(1, "vault/wrap"), instance_key(1, "files/wrap")]
    assert len({key.expose() for key in found}) == 3
    assert current_version() == 1
    assert instance_keys().versions() == (1,)
    with pytest.raises(InputError):
        instance_key(2, "vault/wrap")
    assert own.expose().hex() not in repr(instance_keys())
