"""Every setting, declared once: its name, default and help. The only module that reads the environment.

A setting is an environment variable `MAINSTEM_<NAME>`; a secret may also be given as `MAINSTEM_<NAME>_FILE`, the path
of a file that holds it. A `MAINSTEM_` variable that names no setting is an error, so that a typing slip is heard.
"""

import os
import sys
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from mainstem.errors import TellPerson

PREFIX = "MAINSTEM_"


class UnknownSetting(TellPerson):
    """A `MAINSTEM_` variable names no setting."""


class BadSetting(TellPerson):
    """A setting has a value that it cannot take."""


def _origin(said: str) -> str:
    """An address of a host alone, without a slash at its end; "" for none."""
    if not said.strip():
        return ""
    parts = urlsplit(said.strip().rstrip("/"))
    beside = parts.username or parts.path or parts.query or parts.fragment
    if parts.scheme not in {"http", "https"} or not parts.hostname or beside:
        raise ValueError("it must be an address without a path, such as https://hub.example.com")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _proxies(said: str) -> str:
    """Addresses and networks, parted by commas."""
    given = [part.strip() for part in said.split(",") if part.strip()]
    for each in given:
        if each != "*":
            ip_network(each)
    return ",".join(given)


class Settings(BaseModel):
    """What a person may set. Command-line options win over these."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(
        default=Path.home() / ".mainstem", description="The folder that holds the database, the index and the key."
    )
    database_url: SecretStr | None = Field(
        default=None, description="A PostgreSQL address to keep the truth in, instead of the home's SQLite file."
    )
    objects_url: SecretStr | None = Field(
        default=None,
        description="A bucket to keep files in instead of the home's folder, as `s3://bucket/path`, `gs://bucket/path` "
        "or `az://container/path`, with a path for this hub alone; the keys stand beside it as your cloud's own tools "
        "take them (`AWS_ACCESS_KEY_ID` ...). Needs `mainstem[objects]`.",
    )
    ocr_languages: str = Field(
        default="eng",
        description="The languages in which the text of pictures is looked for, where a connection has it read, as "
        "`tesseract --list-langs` names them: `eng+deu`.",
    )
    token: SecretStr | None = Field(default=None, description="The API token or personal access token of a site.")
    key: SecretStr | None = Field(
        default=None, description="The key that seals credentials, instead of the home's `key` file."
    )
    model: str = Field(
        default="",
        description="The language model that writes answers: `openai:NAME`, `anthropic:NAME`, or a name that "
        "`model_url` knows. Without one, answers quote passages.",
    )
    model_url: str = Field(
        default="",
        description="The address of an endpoint that speaks as OpenAI does, local ones among them; it ends with `/v1`.",
    )
    model_key: SecretStr | None = Field(default=None, description="The key for the language model.")
    model_spaces: str = Field(
        default="",
        description="What may be sent to the model: `*`, or `Connection/KEY` of each space, parted by commas. "
        "More can be let go by an admin under System, Language model; nothing is until either says so.",
    )
    model_timeout: float = Field(default=60.0, gt=0, description="Seconds that an answer of the model may take.")
    public_url: Annotated[str, AfterValidator(_origin)] = Field(
        default="",
        description="The address at which people reach the hub, as `https://hub.example.com`, where a proxy stands in "
        "front of it. With https, cookies go by https alone and browsers are told to stay with it; links in mail, "
        "alerts, exports and the API begin with it.",
    )
    trusted_proxies: Annotated[str, AfterValidator(_proxies)] = Field(
        default="",
        description="Addresses or networks of the proxies in front, parted by commas, that say rightly whose request "
        "they pass on (`X-Forwarded-For`), so that sign-ins are slowed by the visitor's own address; `*` is any. "
        "Unset: this machine, where a public URL is set.",
    )
    api_key: SecretStr | None = Field(
        default=None, description="An API key of a member, as whom `mainstem mcp` searches, reads and asks."
    )
    atlassian_client_id: str = Field(
        default="",
        description="The client id of an app at developer.atlassian.com, of the kind OAuth 2.0 integration, with which "
        "people connect Confluence Cloud by *Connect with Atlassian*. Its callback URL is the hub's address with "
        "`/atlassian/back` behind it; the wizard shows how to make it, and which scopes it takes.",
    )
    atlassian_client_secret: SecretStr | None = Field(default=None, description="The secret of that app.")
    atlassian_url: Annotated[str, AfterValidator(_origin)] = Field(
        default="",
        description="Where Atlassian signs people in and has its gateway, if that is not Atlassian: an emulator.",
    )
    http_timeout: float = Field(default=30.0, gt=0, description="Seconds to wait for an answer of Confluence.")
    allow_private_addresses: bool | None = Field(
        default=None,
        description="Whether addresses that people enter may lead into private networks and to this machine. "
        "Unset: yes on the command line, and while `serve` can be reached from this machine alone.",
    )
    worker_silence: float = Field(
        default=20.0, ge=1, description="Seconds after which others take over what a worker that shows no life was at."
    )
    turn_minutes: float = Field(
        default=10.0,
        gt=0,
        description="Minutes of a sync after which it makes way for connections that wait, and goes on behind them.",
    )
    reading_processes: int | None = Field(
        default=None,
        ge=0,
        description="Processes that answer searches and show documents beside the server, on other cores, while "
        "several people wait at once; each takes about 150 MB for as long. 0: the server does it alone. "
        "Unset: one for each core but the first, four at most.",
    )
    permissions_max_age: float = Field(
        default=72.0, gt=0, description="Hours that view rules stand after they were last read; then they hide (P1)."
    )
    smtp_host: str | None = Field(default=None, description="The mail server that alerts are sent by. Unset: no mail.")
    smtp_port: int = Field(default=587, gt=0, lt=65536, description="The port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the way to the mail server is encrypted: `starttls`, `tls` or `none`."
    )
    smtp_user: str | None = Field(default=None, description="Whom to sign in as at the mail server, where it asks.")
    smtp_password: SecretStr | None = Field(default=None, description="The password for the mail server.")
    mail_from: str | None = Field(default=None, description="The address that mail is sent from.")
    log_days: int = Field(default=90, gt=0, description="Days that lines of the integration logs are kept (R2).")
    brake_pages: int = Field(
        default=20, ge=0, description="Deletions of a space in one run up to this number never wait for a person (Y4)."
    )
    brake_share: float = Field(
        default=0.10, ge=0, le=1, description="Above `brake_pages`, deletions wait past this share of the space (Y4)."
    )
    restore_days: float = Field(
        default=30.0,
        ge=0,
        le=30,
        description="Days for which what left Confluence can be restored; then nothing of it is left here (Y3).",
    )


SECRETS = frozenset(
    {"api_key", "token", "key", "database_url", "objects_url", "smtp_password", "model_key", "atlassian_client_secret"}
)
"""The settings that are shown nowhere, and may stand in a file of their own."""


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process, or of the given environment.

    Raises UnknownSetting or BadSetting, each naming every variable at fault.
    """
    given = _own(os.environ if environment is None else environment)  # noqa: TID251 - the one place that may
    unknown = sorted(set(given) - set(Settings.model_fields))
    if unknown:
        names = ", ".join(f"{PREFIX}{name.upper()}" for name in unknown)
        raise UnknownSetting(f"Unknown setting {names}: check the spelling against `docs/settings.md`, or unset it.")
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        faults = "; ".join(f"{PREFIX}{str(f['loc'][0]).upper()}: {f['msg']}" for f in error.errors(include_input=False))
        raise BadSetting(f"{faults}. Correct the value, or unset it to use the default.") from None


def has_display(environment: Mapping[str, str] | None = None) -> bool:
    """Whether whoever sits at this process can be shown a window."""
    given = os.environ if environment is None else environment  # noqa: TID251 - the one place that may
    return sys.platform == "darwin" or bool(given.get("DISPLAY") or given.get("WAYLAND_DISPLAY"))


def tessdata(environment: Mapping[str, str] | None = None) -> str:
    """The folder of tesseract's languages, "" where it knows by itself."""
    given = os.environ if environment is None else environment  # noqa: TID251 - the one place that may
    return given.get("TESSDATA_PREFIX", "")


def _own(environment: Mapping[str, str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        secret = name.removesuffix("_file")
        if name.endswith("_file") and secret in SECRETS:
            given[secret] = _read_secret(variable, Path(value))
        else:
            given[name] = value
    return given


def _read_secret(variable: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{variable}: cannot read {path} ({error.strerror}). Check the path and its rights.") from None
