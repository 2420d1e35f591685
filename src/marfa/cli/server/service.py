"""``marfa service``: the installation as a service of systemd, which starts with the machine."""

from __future__ import annotations

import os
import pwd
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from marfa.cli.base import Group, json_option, print_json, print_message, print_warning
from marfa.cli.language import _
from marfa.cli.server.create import toml_string
from marfa.domain.message import InputError, Message
from marfa.platform.datafolder import INSTANCE_FILE, full_path, look_at
from marfa.platform.settings import FILE as SETTINGS_FILE
from marfa.platform.settings import read_settings

NAME = "workspace"
"""What others on the machine see, in a list of services or users, says nothing."""
HOME = Path("/var/lib") / NAME
UNITS = Path("/etc/systemd/system")
HOMES = ("/home", "/root", "/run/user")
LOWEST_OF_EVERYBODY = 1024
FOLDERS = ("backup_folder", "erased_folder", "log_heads_folder")
PLAIN_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")

UNIT = """\
[Unit]
Description=Workspace
Wants=network-online.target
After=network-online.target postgresql.service

[Service]
Type=exec
User={user}
ExecStart={command}
Restart=always
RestartSec=5
KillMode=mixed
TimeoutStopSec=30
UMask=0077

# Names are held in memory alone: neither in the swap area nor in a dump.
LimitMEMLOCK=infinity
LimitCORE=0

NoNewPrivileges=yes
CapabilityBoundingSet={capabilities}
AmbientCapabilities={capabilities}
ProtectSystem=strict
ProtectHome={home}
ReadWritePaths={writes}
PrivateTmp=yes
PrivateDevices=yes
PrivateIPC=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelModules=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
# What comes in from others is opened in a sandbox, which makes namespaces and mounts of its own.
SystemCallFilter=@system-service @mount
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


@click.group("service", cls=Group, help=_("The installation as a service of the machine."))
def service() -> None:
    """Group of the commands about the service."""


@dataclass(frozen=True)
class First:
    """What a new installation is asked; empty where the command is to ask for it."""

    desks: str
    organisation: str
    site: str
    time_zone: str
    administrator: str

    @property
    def options(self) -> list[str]:
        given = {
            "--desks": self.desks,
            "--organisation": self.organisation,
            "--site": self.site,
            "--time-zone": self.time_zone,
            "--administrator": self.administrator,
        }
        return [word for name, value in given.items() if value for word in (name, value)]


@service.command(
    "install",
    help=_(
        "Start the installation with the machine, as a user of its own who may do nothing else. "
        "Where there is no installation yet, it is made, with the answers that marfa init takes."
    ),
    examples=(
        "marfa service install --lan",
        "marfa service install --data /srv/marfa/data --user marfa --print",
    ),
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=HOME / "data",
    show_default=True,
    help=_("Data folder of the installation."),
)
@click.option(
    "--user", default=NAME, show_default=True, help=_("User that runs it; made where absent.")
)
@click.option("--lan", is_flag=True, help=_("Serve phones on this site's own network too."))
@click.option("--listen", default="", help=_("Address to listen on, where there are several."))
@click.option("--print", "only_print", is_flag=True, help=_("Print the unit and change nothing."))
@click.option("--desks", default="", help=_("As for marfa init."))
@click.option("--organisation", default="", help=_("As for marfa init."))
@click.option("--site", default="", help=_("As for marfa init."))
@click.option("--time-zone", default="", help=_("As for marfa init."))
@click.option("--administrator", default="", help=_("As for marfa init."))
@json_option
def install(
    data: Path,
    user: str,
    lan: bool,
    listen: str,
    only_print: bool,
    as_json: bool,
    **first: str,
) -> None:
    """One command from an installed wheel to a service that survives a restart."""
    data = full_path(data)
    if not PLAIN_NAME.fullmatch(user):
        raise InputError.at(Message("cli.server:service-user"), field="--user")
    if (data / INSTANCE_FILE).is_file():
        look_at(data)
    if only_print:
        click.echo(unit_for(data, user), nl=False)
        return
    if os.geteuid() != 0 or not shutil.which("systemctl"):
        raise InputError.at(Message("cli.server:service-root"))
    _have_user(user, data.parent)
    _check_reachable(user)
    if not (data / INSTANCE_FILE).is_file():
        _as_user(user, "init", "--data", str(data), *First(**first).options)
    if lan or listen:
        _set(data, {"lan_name": _lan_name(data), "listen": listen})
    target = UNITS / f"{user}.service"
    target.write_text(unit_for(data, user), encoding="utf-8")
    target.chmod(0o644)
    started = _enable(user)
    if as_json:
        print_json({"unit": str(target), "data": str(data), "user": user, "started": started})
        return
    print_message(Message("cli.server:service-installed", {"unit": str(target)}))
    if not started:
        print_warning(Message("cli.server:service-not-started", {"unit": user}))
    command = shlex.join(["runuser", "-u", user, "--", *_marfa(), "users", "link"])
    values = {"command": f"{command} NAME --data {shlex.quote(str(data))}"}
    print_message(Message("cli.server:service-link", values))


def unit_for(data: Path, user: str) -> str:
    """The unit of an installation; it may write where its settings lead, and nowhere else."""
    settings = read_settings(data if data.is_dir() else None)
    outside = (getattr(settings, name) for name in FOLDERS)
    # A folder on a disk that is not there keeps nothing from starting.
    writes = [str(data.parent), *(f"-{folder}" for folder in outside if folder)]
    ports = (settings.port, settings.enrolment_port if settings.lan_name else settings.port)
    low = any(0 < port < LOWEST_OF_EVERYBODY for port in ports)
    at_home = any(Path(each).is_relative_to(home) for each in (data, sys.prefix) for home in HOMES)
    return UNIT.format(
        user=user,
        command=" ".join(_quoted(word) for word in [*_marfa(), "serve", "--data", str(data)]),
        capabilities="CAP_NET_BIND_SERVICE" if low else "",
        home="read-only" if at_home else "yes",
        writes=" ".join(_quoted(folder) for folder in writes),
    )


def _marfa() -> list[str]:
    # -P: what lies in the current folder is not to be imported.
    return [sys.executable, "-P", "-m", "marfa"]


def _quoted(word: str) -> str:
    """A word as systemd reads it: it replaces after a per cent sign, and after a dollar."""
    plain = word.replace("%", "%%").replace("$", "$$")
    if re.fullmatch(r"[\w@%+=:,./$-]+", plain):
        return plain
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _have_user(user: str, home: Path) -> None:
    try:
        pwd.getpwnam(user)
    except KeyError:
        made = ["useradd", "--system", "--user-group", "--home-dir", str(home)]
        subprocess.run([*made, "--shell", "/usr/sbin/nologin", user], check=True)
    home.mkdir(parents=True, exist_ok=True)
    who = pwd.getpwnam(user)
    if home.stat().st_uid != who.pw_uid:
        if any(home.iterdir()):
            raise InputError.at(Message("cli.server:service-folder", {"path": str(home)}))
        os.chown(home, who.pw_uid, who.pw_gid)
        home.chmod(0o700)


def _run_as(user: str, words: list[str]) -> int:
    who = pwd.getpwnam(user)
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TERM") if name in os.environ}
    return subprocess.run(
        [*_marfa(), *words],
        user=who.pw_uid,
        group=who.pw_gid,
        extra_groups=[],
        cwd="/",
        env={**kept, **_own_settings(), "HOME": who.pw_dir, "PATH": os.defpath},
        check=False,
        stdout=sys.stderr,
    ).returncode


def _own_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("MARFA_")}


def _check_reachable(user: str) -> None:
    """Raise InputError where the user cannot read the environment in which this runs."""
    try:
        code = _run_as(user, ["--version"])
    except PermissionError:
        code = 1
    if code:
        raise InputError.at(Message("cli.server:service-unreadable", {"path": sys.prefix}))


def _as_user(user: str, *words: str) -> None:
    code = _run_as(user, list(words))
    if code:
        # The command has said why.
        raise SystemExit(code)


def _lan_name(data: Path) -> str:
    from marfa.platform.lan import DEFAULT_NAME

    return read_settings(data).lan_name or DEFAULT_NAME


def _set(data: Path, given: dict[str, str]) -> None:
    """Put settings into the file of an installation, in the place of those of the same name."""
    file = data / SETTINGS_FILE
    text = file.read_text(encoding="utf-8")
    for name, value in given.items():
        if value:
            line = f"{name} = {toml_string(value)}\n"
            text = re.sub(rf"(?m)^{name}\s*=.*\n?", "", text).rstrip("\n") + f"\n{line}"
    file.write_text(text, encoding="utf-8")
    read_settings(data)


def _enable(unit: str) -> bool:
    """Have it start with the machine, and now where systemd runs; whether it was started."""
    subprocess.run(["systemctl", "enable", unit], check=True, stdout=sys.stderr)
    if not Path("/run/systemd/system").is_dir():
        return False
    subprocess.run(["systemctl", "daemon-reload"], check=True)
    subprocess.run(["systemctl", "restart", unit], check=True)
    return True
