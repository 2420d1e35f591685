"""The three ways to run it, as docs/operate.md tells them: its commands are run as they stand
there, with other folders and ports."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import markdown
from tests.support.installation import environment, free_port, is_well, wait_for
from tests.support.postgres import Cluster, binaries

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")


def commands_of(title: str) -> list[list[str]]:
    """The commands below a heading of the page, as their words."""
    _, found_it, rest = PAGE.partition(f"# {title}\n")
    assert found_it, title
    text = re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    blocks = [block for language, block in markdown.fences(text) if language == "sh"]
    found = [shlex.split(line) for block in blocks for line in block.splitlines() if line]
    assert found, title
    return found


def environment_in(folder: Path, **more: str) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    if (programs := binaries()) is not None:
        path += f":{programs}"
    return environment(PATH=path, HOME=str(folder), **more)


def run(words: list[str], env: dict[str, str]) -> str:
    found = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert found.returncode == 0, (words, found.stderr)
    return found.stdout


@contextlib.contextmanager
def runs(words: list[str], env: dict[str, str], port: int) -> Iterator[None]:
    """A server for the length of the block, once it says that it is well."""
    with subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(port, process)
            yield
        finally:
            process.terminate()


def test_a_laptop_and_its_backups(tmp_path: Path) -> None:
    port = free_port()
    stick = tmp_path / "stick"
    env = environment_in(tmp_path, MARFA_PORT=str(port))
    init, serve = commands_of("A laptop")
    assert (init[:2], serve) == (["marfa", "init"], ["marfa", "serve"])
    run(init, env)
    with runs(serve, env, port):
        stick.mkdir()
        run(["marfa", "backup", str(stick)], env)
    shutil.copytree(tmp_path / ".local/share/marfa/keys", tmp_path / "keys")
    (tmp_path / "keys").chmod(0o700)
    rehearse, restore = commands_of("Backup")
    (made,) = stick.iterdir()
    told = run([word.replace("/media/keys", str(tmp_path / "keys")) for word in rehearse], env)
    assert "comes back whole" in told
    run([str(made) if word.endswith(".backup") else word for word in restore], env)
    with runs(serve, env, port):
        assert is_well(port)


@pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not here")
def test_a_server_with_a_replica(tmp_path: Path) -> None:
    """Both answer; the second goes on when the first ends."""
    # Other runs of the tests close what lies in pytest's own folder to the server's user.
    with tempfile.TemporaryDirectory(prefix="marfa-") as folder:
        cluster = Cluster(Path(folder) / "cluster")
        cluster.make()
        cluster.start()
        try:
            _serve_twice(cluster, tmp_path)
        finally:
            cluster.stop()


def _serve_twice(cluster: Cluster, tmp_path: Path) -> None:
    ports = {"8001": free_port(), "8002": free_port()}

    def here(words: list[str]) -> list[str]:
        known = {"/srv/marfa/data": str(tmp_path / "data"), **{k: str(v) for k, v in ports.items()}}
        told = [known.get(word, word) for word in words]
        return [word.replace("/run/postgresql", str(cluster.folder)) for word in told]

    env = environment_in(tmp_path, PGHOST=str(cluster.folder), PGUSER="marfa")
    createdb, init, first, second = map(here, commands_of("A server"))
    run(createdb, env)
    run(init, env)
    with runs(second, env, ports["8002"]):
        with runs(first, env, ports["8001"]):
            assert is_well(ports["8002"])
        assert is_well(ports["8002"])


BARE = """
set -e
mount -t tmpfs tmpfs "$1"
mkdir "$1/up" "$1/work" "$1/whole"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/up,workdir=$1/work" "$1/whole"
mount -t proc proc "$1/whole/proc"
mount --rbind /dev "$1/whole/dev"
mount -t tmpfs tmpfs "$1/whole/run"
mkdir "$1/whole/shipped"
cp -r "$2/." "$1/whole/shipped"
exec chroot "$1/whole" sh -ec "$3"
"""
IN_IT = """
cd /shipped
PATH=/usr/sbin:/usr/bin:/sbin:/bin
{commands}
test "$(systemctl is-enabled workspace)" = enabled
systemd-analyze verify workspace.service
cat /etc/systemd/system/workspace.service
start=$(sed -n 's/^ExecStart=//p' /etc/systemd/system/workspace.service)
export MARFA_PORT={port} MARFA_LAN_NAME= MARFA_LISTEN=127.0.0.1
runuser -u workspace -- setpriv --no-new-privs $start > /tmp/served 2>&1 &
for _ in $(seq 240); do
  /opt/workspace/bin/python -c 'import urllib.request as r; print("health", r.urlopen("http://localhost:{port}/health/").read())' 2>/dev/null && break
  sleep 0.5
done
kill $! && wait
"""  # noqa: E501 - one command


@pytest.mark.slow
def test_a_field_office_in_two_commands(tmp_path: Path) -> None:
    """On this machine's own system, seen through a layer that is thrown away: a machine cannot be
    started here, so that the service is enabled, judged, and its command run as its user."""
    if os.geteuid() != 0 or not shutil.which("systemctl"):
        pytest.skip("it takes the rights of root and the programs of systemd")
    shipped = tmp_path / "shipped"
    built = environment(PYTHON=sys.executable)
    subprocess.run(["sh", "tools/dist.sh", str(shipped)], cwd=ROOT, env=built, check=True)
    answers = "--organisation Office --site Site --time-zone Asia/Damascus --administrator amal"
    answers += " --desks reception --listen 127.0.0.1"
    install, service = commands_of("A field office")
    commands = f"{shlex.join(install)} </dev/null\n{shlex.join(service)} {answers} </dev/null"
    script = IN_IT.format(commands=commands, port=free_port())
    layer = tmp_path / "layer"
    layer.mkdir()
    env = environment()
    if Path("/usr/bin/python3").exists():
        env["PYTHON"] = "/usr/bin/python3"
    found = subprocess.run(
        ["unshare", "-mpf", "sh", "-c", BARE, "sh", str(layer), str(shipped), script],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if "mount" in found.stderr and "denied" in found.stderr:
        pytest.skip("this machine mounts no layers")
    assert found.returncode in (0, 143), found.stderr
    assert "health b'ok'" in found.stdout, found.stderr
    assert "NoNewPrivileges=yes" in found.stdout
