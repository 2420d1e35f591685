"""What is shipped: a wheel with its assets inside, which serves where there is no Node."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.support.installation import environment, free_port, serving, wait_for

ROOT = Path(__file__).parents[1]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", ".cache", ".*_cache", "node_modules", "var", "site", "dist", "__pycache__"
)


def build(tree: Path, target: Path, *, shipped: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=tree,
        env={**environment(), **({"MARFA_SHIPPED": "1"} if shipped else {})},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree") / "marfa"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    return copy


@pytest.fixture(scope="module")
def unpacked(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as an installer lays it out."""
    folder = tmp_path_factory.mktemp("wheel")
    built = build(tree, folder)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    site = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def test_the_wheel_holds_assets_catalogues_and_licence(unpacked: Path) -> None:
    package = unpacked / "marfa"
    assert list(package.glob("web/static/built/main-*.css"))
    assert list(package.glob("web/static/built/*.woff2"))
    assert list(package.glob("**/django.mo"))
    assert list(package.glob("cli/locale/ar.po"))
    assert (package / "py.typed").is_file()
    assert list(unpacked.glob("*.dist-info/licenses/LICENSE"))
    assert not list(unpacked.glob("tests"))


def test_it_serves_without_node(
    unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the wheel's own files, with an empty PATH."""
    monkeypatch.setenv("PYTHONPATH", str(unpacked))
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.chdir(tmp_path)
    where = subprocess.run(
        [sys.executable, "-c", "import marfa; print(marfa.__file__)"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(unpacked))
    with serving("demo", tmp_path / "data") as served:
        with urllib.request.urlopen(f"{served.origin}/sign-in/", timeout=300) as page:
            text = page.read().decode()
        style = text.split('rel="stylesheet" href="')[1].split('"')[0]
        with urllib.request.urlopen(served.origin + style, timeout=300) as sheet:
            assert "immutable" in sheet.headers["Cache-Control"]
            assert "Marfa Sans" in sheet.read().decode()


def test_no_wheel_is_shipped_without_assets(tree: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(tree, bare)
    shutil.rmtree(bare / "src" / "marfa" / "web" / "static" / "built")
    refused = build(bare, tmp_path / "out")
    assert refused.returncode != 0
    assert "Build the assets first" in refused.stdout + refused.stderr
    assert not list(tmp_path.glob("out/*.whl"))


def test_without_assets_the_libraries_install_and_serving_says_what_is_missing(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``pip install .`` where there is no Node."""
    bare = tmp_path / "bare"
    shutil.copytree(tree, bare)
    shutil.rmtree(bare / "src" / "marfa" / "web" / "static" / "built")
    made = build(bare, tmp_path / "out", shipped=False)
    assert made.returncode == 0, made.stdout + made.stderr
    (wheel,) = (tmp_path / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.chdir(tmp_path)
    marfa = [sys.executable, "-P", "-m", "marfa"]
    library = subprocess.run(
        [*marfa, "names", "compare", "محمد", "Mohammed", "--json"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert library.returncode == 0, library.stderr
    served = subprocess.run(
        [*marfa, "demo", "--people", "0", "--data", str(tmp_path / "data")],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert served.returncode == 1
    assert "make wheel" in served.stderr
    assert "Traceback" not in served.stderr
    assert not (tmp_path / "data").exists()


def python_of(version: str) -> str:
    """An interpreter of a version; the test is passed over where there is none."""
    for found in (f"/usr/bin/python{version}", shutil.which(f"python{version}")):
        if found and subprocess.run([found, "-c", "import ensurepip"], check=False).returncode == 0:
            return found
    pytest.skip(f"Python {version} is not here")


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.11", "3.13"])
def test_what_is_shipped_serves_in_an_empty_environment(version: str, tmp_path: Path) -> None:
    """By its installer and the lock beside it; there is no Node to be found afterwards."""
    shipped, target = tmp_path / "dist", tmp_path / "environment"
    built = environment(PYTHON=sys.executable)
    subprocess.run(["sh", "tools/dist.sh", str(shipped)], cwd=ROOT, env=built, check=True)
    pins = (shipped / "constraints.txt").read_text().splitlines()
    locked = (shipped / "locked.txt").read_text()
    assert [pin.partition(" ")[0] for pin in pins] == re.findall(r"(?m)^\S+==\S+", locked)
    given = environment(PYTHON=python_of(version))
    installer = ["sh", str(shipped / "install.sh"), str(target)]
    subprocess.run(installer, env=given, check=True)
    marfa, data = str(target / "bin" / "marfa"), str(tmp_path / "data")
    bare = environment(PATH="/nonexistent", MARFA_PORT=str(port := free_port()))
    answers = [
        "--organisation",
        "O",
        "--site",
        "S",
        "--time-zone",
        "Asia/Damascus",
        "--administrator",
        "amal",
    ]
    subprocess.run([marfa, "init", "--data", data, *answers], env=bare, check=True)
    with subprocess.Popen([marfa, "serve", "--data", data], env=bare) as server:
        try:
            wait_for(port, server)
        finally:
            server.terminate()


@pytest.mark.slow
def test_the_library_installs_from_source_without_node(tree: Path, tmp_path: Path) -> None:
    """Its own packages alone, no Django among them."""
    bare = tmp_path / "bare"
    shutil.copytree(tree, bare)
    shutil.rmtree(bare / "src" / "marfa" / "web" / "static" / "built")
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "v")], check=True)
    python = str(tmp_path / "v" / "bin" / "python")
    pins = tmp_path / "constraints.txt"
    locked = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    pins.write_text("\n".join(re.findall(r"^[a-z0-9._-]+==[^ ]+", locked, re.MULTILINE)))
    install = [python, "-m", "pip", "install", "--quiet", "-c", str(pins), str(bare)]
    no_node = environment(PATH="/usr/bin:/bin")
    subprocess.run(install, env=no_node, check=True)
    asked = [python, "-P", "-m", "marfa", "names", "compare", "محمد", "Mohammed", "--json"]
    assert subprocess.run(asked, env=no_node, check=False, cwd=tmp_path).returncode == 0
    django = [python, "-c", "import django"]
    assert subprocess.run(django, check=False, capture_output=True).returncode == 1


@pytest.mark.slow
def test_a_container_is_built_and_starts(tmp_path: Path) -> None:
    """Where podman is; nothing stands in for it."""
    podman = shutil.which("podman")
    if podman is None:
        pytest.skip("podman is not here")
    place = tmp_path / "context"
    place.mkdir()
    shutil.copy(ROOT / "Containerfile", place)
    built = environment(PYTHON=sys.executable)
    subprocess.run(["sh", "tools/dist.sh", str(place / "dist")], cwd=ROOT, env=built, check=True)
    made = [podman, "build", "--quiet", "--tag", "workspace-test", str(place)]
    subprocess.run(made, check=True)
    answers = [
        "--organisation",
        "O",
        "--site",
        "S",
        "--time-zone",
        "Asia/Damascus",
        "--administrator",
        "amal",
    ]
    run = [podman, "run", "--rm", "--network", "host", "--volume", "workspace-test:/data"]
    try:
        subprocess.run([*run, "workspace-test", "init", *answers], check=True)
        port = free_port()
        serve = [*run, "--env", f"MARFA_PORT={port}", "workspace-test"]
        with subprocess.Popen(serve) as server:
            try:
                wait_for(port, server)
            finally:
                server.terminate()
    finally:
        subprocess.run([podman, "volume", "rm", "--force", "workspace-test"], check=False)
