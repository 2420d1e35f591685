"""The settings of an installation: from the environment, else from ``marfa.toml``.

A setting is typed and described here once; the reference page is tested against this class.
"""

from __future__ import annotations

import os
import re
import tomllib
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from marfa.domain.message import InputError, Message, Place, Problem

PREFIX = "MARFA_"
FILE = "marfa.toml"
HTTPS = 443
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
"""With a dot: browsers take a single word for something to search for."""

# Names in the environment that are not settings of an installation: where the installation
# is, the language of the terminal, and what tests and benchmarks read.
NOT_SETTINGS = frozenset(
    {
        "MARFA_DATA",
        "MARFA_LANGUAGE",
        "MARFA_TRACEBACK",
        "MARFA_REFERENCE_DATA",
        "MARFA_REQUIRE_ALL",
        "MARFA_TEST_DATABASE",
        "MARFA_PASSPHRASE_FD",
        "MARFA_KEYS_FD",
    }
)


class LogLevel(StrEnum):
    """How much the server writes to its standard error. Never names, contacts or narratives."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(BaseSettings):
    """Each field is ``MARFA_<FIELD>`` in the environment and ``<field>`` in marfa.toml."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    database: str = Field(
        default="",
        description="Empty for SQLite in the data folder, or a PostgreSQL address: "
        "postgresql://user:password@host:port/name or postgresql:///name?host=/socket/folder.",
    )
    database_owner: str = Field(
        default="",
        repr=False,
        description="PostgreSQL address with the role that owns the tables, for marfa init, marfa "
        "migrate and backups. Empty for the one in database.",
    )
    database_worker: str = Field(
        default="",
        repr=False,
        description="PostgreSQL address with the role of the worker. Empty for the one in "
        "database.",
    )
    listen: str = Field(
        default="127.0.0.1",
        description="Address the server listens on. Anything but this machine itself needs an "
        "https origin, since pages are only ever shown on a secure origin.",
    )
    port: int = Field(
        default=8000, ge=1, le=65535, description="Port the server listens on, from 1 to 65535."
    )
    origin: str = Field(
        default="",
        description="Address people open, when a proxy with a certificate stands in front: "
        "https://host. Empty for http://localhost with the port.",
    )
    lan_name: str = Field(
        default="",
        max_length=63,
        description="Host name by which phones on the site's own network open the pages, such as "
        "workspace.local; the server then has a certificate authority of its own, as with marfa "
        "serve --lan. Empty for no such network.",
    )
    enrolment_port: int = Field(
        default=8080,
        ge=0,
        le=65535,
        description="Port of the one page without a secure origin, from which phones on the site's "
        "own network take the certificate of its authority, from 1 to 65535; 0 for no such page.",
    )
    title: str = Field(
        default="",
        max_length=40,
        description="Neutral name in the browser's title and on the sign-in page, at most 40 "
        "characters. "
        "Empty for the word for 'workspace' in the reader's language.",
    )
    icon: Literal["harbour", "leaf", "square"] = Field(
        default="harbour",
        description="Neutral picture in the browser's tab and at the top of every page: harbour, "
        "leaf or square.",
    )
    region: str = Field(
        default="",
        pattern="^([A-Z]{2})?$",
        description="Country whose way of writing numbers and dates the pages follow, as two "
        "capital letters such as SY, IQ, EG or LY. Empty for the language's own way.",
    )
    default_language: Literal["en", "ar"] = Field(
        default="en",
        description="Language of the pages for a person who has chosen none and whose browser asks "
        "for none that Marfa speaks: en or ar.",
    )
    threads: int = Field(
        default=4,
        ge=1,
        le=64,
        description="Requests that one process of the server answers at the same time, from 1 to "
        "64.",
    )
    processes: int = Field(
        default=0,
        ge=0,
        le=16,
        description="Processes that answer requests, from 1 to 16; 0 leaves it to the server: on "
        "PostgreSQL one for each core, four at most, and one on SQLite.",
    )
    session_hours: float = Field(
        default=12,
        ge=0.25,
        le=24,
        description="Hours after which a signed-in person signs in again, from 0.25 to 24.",
    )
    authority_hours: int = Field(
        default=72,
        ge=1,
        le=720,
        description="Hours to tell the authority of a data incident, from 1 to 720.",
    )
    conversation_minutes: int = Field(
        default=45,
        ge=10,
        le=180,
        description="Minutes of a private conversation after which its pages say that it is enough "
        "for today, from 10 to 180.",
    )
    outside_channel: str = Field(
        default="",
        max_length=300,
        description="Where somebody can complain outside the organisation, as it is told to them, "
        "such as the number of an ombudsperson. Empty until somebody enters it.",
    )
    idle_minutes: int = Field(
        default=30,
        ge=5,
        le=480,
        description="Minutes without a request after which a session ends, from 5 to 480.",
    )
    link_minutes: int = Field(
        default=15,
        ge=1,
        le=1440,
        description="Minutes for which a one-time sign-in link is valid, from 1 to 1440.",
    )
    mail_server: str = Field(
        default="",
        repr=False,
        description="Mail server: smtps://user:password@host:port, or smtp:// for one that turns "
        "to TLS after the greeting. While it is empty, mails wait.",
    )
    mail_sender: str = Field(
        default="",
        max_length=200,
        description="Address that mails come from. Empty for noreply@ the mail server's name.",
    )
    largest_file_mib: int = Field(
        default=5120, ge=1, le=1_048_576, description="Largest file that is taken, in MiB."
    )
    files_quota_gib: float = Field(
        default=100, gt=0, description="Room for all files of the installation, in GiB."
    )
    uploader_quota_gib: float = Field(
        default=20, gt=0, description="Room for the files that one person sends, in GiB."
    )
    erased_folder: str = Field(
        default="",
        description="Folder of the list of erased people, which no backup holds. Empty for "
        "erased/ in the data folder; best on another disk.",
    )
    instance_key: Literal["", "file", "passphrase", "command"] = Field(
        default="",
        description="How the key of the installation must be protected: file, passphrase or "
        "command. Marfa does not start where it is protected otherwise. Empty takes any.",
    )
    log_heads_folder: str = Field(
        default="",
        max_length=1000,
        description="Folder outside the data folder, best on another machine or a stick, into "
        "which signed heads of the log are written too. Empty for none.",
    )
    backup_folder: str = Field(
        default="",
        max_length=1000,
        description="Folder, best on another disk, into which the worker makes backups by itself. "
        "Empty for none.",
    )
    backup_hours: int = Field(
        default=24,
        ge=1,
        le=720,
        description="Hours between two backups that the worker makes, from 1 to 720.",
    )
    backup_keep: int = Field(
        default=7,
        ge=1,
        le=365,
        description="How many of these are kept, from 1 to 365; older ones are deleted.",
    )
    log_level: LogLevel = Field(
        default=LogLevel.INFO,
        description="What the server reports on standard error: debug, info, warning or error.",
    )

    @field_validator("database", "database_owner", "database_worker")
    @classmethod
    def _database_is_known(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("postgresql", "postgres"):
            raise ValueError("database")
        return value

    @field_validator("listen")
    @classmethod
    def _listen_is_an_address(cls, value: str) -> str:
        try:
            ip_address(value)
        except ValueError:
            raise ValueError("listen") from None
        return value

    @field_validator("lan_name")
    @classmethod
    def _lan_name_is_a_host_name(cls, value: str) -> str:
        if value and not HOST_NAME.fullmatch(value.lower()):
            raise ValueError("lan_name")
        return value.lower()

    @field_validator("mail_server")
    @classmethod
    def _mail_server_is_known(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
            raise ValueError("mail_server")
        return value

    @field_validator("origin")
    @classmethod
    def _origin_is_secure(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            raise ValueError("origin") from None
        plain = f"https://{parts.hostname}{port}"
        if value and (not parts.hostname or value.rstrip("/").lower() != plain):
            raise ValueError("origin")
        return plain if value else ""

    @model_validator(mode="after")
    def _roles_belong_to_a_database(self) -> Self:
        if not self.database and (self.database_owner or self.database_worker):
            raise ValueError("database-roles")
        return self

    @model_validator(mode="after")
    def _other_machines_need_https(self) -> Self:
        if self.origin and self.lan_name:
            raise ValueError("lan-and-origin")
        if not ip_address(self.listen).is_loopback and not (self.origin or self.lan_name):
            raise ValueError("listen-needs-origin")
        return self

    @property
    def public_origin(self) -> str:
        if self.lan_name:
            return f"https://{self.lan_name}" + (f":{self.port}" if self.port != HTTPS else "")
        return self.origin or f"http://localhost:{self.port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings(folder: Path | None, **overrides: Any) -> Settings:
    """The settings of the installation in ``folder``.

    folder: the data folder, whose marfa.toml is read if it is there; None reads the environment.
    overrides: what the command line said; it wins over the environment and the file.
    Raises InputError with one problem a wrong setting, naming the file or the variable.
    """
    file = folder / FILE if folder else None
    if file is not None:
        _check_toml(file)
    _check_environment()

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return FromFile(**given)
    except ValidationError as error:
        raise InputError(*(_problem(dict(e), file, given) for e in error.errors())) from None


def _check_toml(file: Path) -> None:
    if not file.exists():
        return
    try:
        tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        message = Message("platform:settings-unreadable", {"reason": error.strerror or ""})
        raise InputError.at(message, file=str(file)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = Message("platform:settings-not-toml", {"reason": str(error)})
        raise InputError.at(message, file=str(file)) from None


def _check_environment() -> None:
    """A misspelt variable must not be passed over in silence."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | NOT_SETTINGS
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise InputError(
            *(Problem(Message("platform:setting-unknown", {"name": name})) for name in unknown)
        )


def _problem(error: dict[str, Any], file: Path | None, given: dict[str, Any]) -> Problem:
    own = str(error.get("ctx", {}).get("error", ""))
    of_all = "database" if own == "database-roles" else "listen"
    name = str(error["loc"][0]) if error["loc"] else of_all
    variable = PREFIX + name.upper()
    if name in given:
        place = Place(field=f"--{name.replace('_', '-')}")
    elif variable in os.environ:
        place = Place(field=variable)
    else:
        place = Place(file=str(file) if file else None, field=name)
    return Problem(_sentence(name, error), place)


def _sentence(name: str, error: dict[str, Any]) -> Message:
    kind = error["type"]
    own = str(error.get("ctx", {}).get("error", ""))
    if kind == "value_error" and own == "database":
        return Message("platform:setting-database")
    if kind == "value_error" and own == "listen":
        return Message("platform:setting-listen")
    if kind == "value_error" and own == "origin":
        return Message("platform:setting-origin")
    if own == "database-roles":
        return Message("platform:setting-database-roles")
    if own in ("listen-needs-origin", "lan-and-origin"):
        return Message(f"platform:setting-{own}")
    if kind == "value_error" and own == "lan_name":
        return Message("platform:setting-lan-name")
    if kind == "extra_forbidden":
        return Message("platform:setting-unknown", {"name": name})
    # What was typed is not repeated: it may be the password in a database's address.
    description = Settings.model_fields[name].description or ""
    return Message("platform:setting-wrong", {"name": name, "description": description})
