"""Previews: drawn anew away from everything, without what the camera wrote into the file."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from marfa.apps.accounts.models import User
from marfa.platform.files import sandbox
from marfa.platform.files.models import StoredFile
from marfa.platform.files.pictures import EDGE
from marfa.platform.files.queries import open_derivative, open_file
from tests.platform.files import samples
from tests.platform.files.uploads import outcome, send

needs_bubblewrap = pytest.mark.skipif(
    not sandbox.isolation_works(), reason="bubblewrap: apt install bubblewrap"
)


def preview(file: StoredFile) -> Image.Image:
    with open_derivative(file.derivatives.get()) as contents:
        return Image.open(io.BytesIO(contents.readall()))


def with_traces() -> bytes:
    """A photograph that tells where it was taken, by what, and is stored on its side."""
    exif = Image.Exif()
    exif[0x010F] = "CanaryCamera"
    exif[0x0112] = 6  # orientation: turn right
    exif.get_ifd(0x8825)[2] = (33.0, 30.0, 0.0)
    return samples.picture(size=(400, 200), exif=exif, comment=b"CanaryRemark")


def test_a_preview_carries_only_pixels_and_the_original_stays(sender: User) -> None:
    original = with_traces()
    assert b"Canary" in original
    file = send(sender, original, media_type="image/jpeg")
    with open_file(file) as contents:
        assert contents.readall() == original
    with open_derivative(file.derivatives.get()) as contents:
        made_anew = contents.readall()
    assert b"Canary" not in made_anew
    shown = Image.open(io.BytesIO(made_anew))
    assert (shown.format, shown.size) == ("JPEG", (200, 400)), "upright without a remark"
    assert dict(shown.getexif()) == {}
    assert {"exif", "icc_profile", "comment", "xmp"} & set(shown.info) == set()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "GIF"])
def test_large_pictures_become_small_and_look_the_same(sender: User, form: str) -> None:
    original = samples.picture(form, size=(3000, 1500))
    file = send(sender, original, media_type=f"image/{form.lower()}")
    shown = preview(file)
    assert shown.size == (EDGE, EDGE // 2)
    reference = Image.open(io.BytesIO(original)).convert("L").resize(shown.size)
    pairs = zip(shown.convert("L").tobytes()[::997], reference.tobytes()[::997], strict=True)
    assert max(abs(a - b) for a, b in pairs) < 16


def test_transparent_parts_become_white(sender: User) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    shown = preview(send(sender, out.getvalue(), media_type="image/png"))
    assert shown.getpixel((10, 10)) == (255, 255, 255)


@needs_bubblewrap
def test_a_preview_says_that_it_was_made_in_isolation(sender: User) -> None:
    assert send(sender, samples.picture(), media_type="image/jpeg").derivatives.get().isolated


def test_without_bubblewrap_it_is_said(
    sender: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)  # type: ignore[attr-defined]
    sandbox.isolation_works.cache_clear()
    try:
        file = send(sender, samples.picture(), media_type="image/jpeg")
        assert outcome(send(sender, samples.png_text_bomb(), media_type="image/png")) == "bomb"
    finally:
        sandbox.isolation_works.cache_clear()
    assert not file.derivatives.get().isolated
    assert [record.name for record in caplog.records].count("marfa.files") == 1
    assert "bubblewrap" in caplog.text


PROBE = """
import os, pathlib, socket, sys
found = []
for place in sys.argv[2:]:
    try:
        found += [place] if any(pathlib.Path(place).iterdir()) else []
    except OSError:
        pass
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=2)
    found.append("network")
except OSError:
    pass
found += [name for name in os.environ if name.startswith(("MARFA", "CANARY"))]
found += [name for name in os.listdir("/proc") if name.isdigit() and int(name) > 20]
try:
    open("/usr/written", "w")
    found.append("written")
except OSError:
    pass
print(found)
"""


@needs_bubblewrap
def test_in_the_sandbox_there_is_nothing_to_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the data folder, no file of a user, no network, no environment, no other process."""
    (tmp_path / "secret").write_text("x")
    monkeypatch.setenv("CANARY", "x")
    places = [str(settings.FOLDER.path), str(settings.FOLDER.path / "keys"), str(tmp_path)]
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        probe = [sys.executable, "-I", "-c", PROBE, port, *places]
        outside, inside = (
            subprocess.run([*walls, *probe], capture_output=True, text=True, check=True).stdout
            for walls in ([], sandbox._walls())
        )
    assert inside.strip() == "[]"
    for sought in (*places, "network", "CANARY"):
        assert sought in outside, "the probe can find"


def run_limited(code: str, memory: int, seconds: int) -> int:
    """A program under the worker's limits; its exit code."""
    worker = str(sandbox.WORKER)
    limits = f"runpy.run_path({worker!r})['limit_resources']({memory}, {seconds})"
    limited = f"import runpy, sys\n{limits}\n{code}"
    return subprocess.run(
        [sys.executable, "-c", limited], capture_output=True, check=False
    ).returncode


def test_the_limits_hold(tmp_path: Path) -> None:
    large = 1 << 30
    assert run_limited("bytearray(10 << 20)", large, 5) == 0
    assert run_limited("bytearray(2 << 30)", large, 5) != 0
    assert run_limited("while True: pass", large, 1) != 0
    file = tmp_path / "written"
    assert run_limited(f"__import__('pathlib').Path({str(file)!r}).write_text('x')", large, 5) != 0
    assert not file.exists() or not file.read_text()


def test_a_worker_that_hangs_is_ended(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs = "import time; time.sleep(60)"
    monkeypatch.setattr(sandbox, "_python", lambda isolated: [sys.executable, "-c", hangs])
    monkeypatch.setattr("marfa.platform.files.pictures.WALL_SECONDS", 1)
    assert outcome(send(sender, samples.picture(), media_type="image/jpeg")) == "bomb"
