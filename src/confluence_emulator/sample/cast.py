"""The people and groups of Larkspur, the company whose wiki the sample is.

Three of them are the cast of every demo: Mara owns the wiki and its account is the one that syncs; Tomás is a member
of engineering; Nadia is an outsider, a contractor who is a guest in one space.
"""

from dataclasses import dataclass

COMPANY = "Larkspur"
SITE_NAME = "larkspur"


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone at Larkspur. `key` is what the pages call them by, and their user name on Data Center."""

    key: str
    name: str
    account_id: str
    groups: tuple[str, ...] = ("confluence-users",)
    kind: str = "atlassian"
    active: bool = True
    guest: bool = False
    time_zone: str = "Europe/Stockholm"
    email_visible: bool = True

    @property
    def email(self) -> str:
        """The address the account signs in with."""
        return f"{self.key}@larkspur.example"


@dataclass(frozen=True, slots=True)
class Team:
    """A group. `access` as in `state.Group`; `inside` names the group that holds it on Data Center."""

    name: str
    access: str = ""
    inside: str = ""


TEAMS = (
    Team("confluence-users", access="user"),
    Team("site-admins", access="site-admin"),
    Team("confluence-guests"),
    Team("engineering"),
    Team("platform-team", inside="engineering"),
    Team("firmware-team", inside="engineering"),
    Team("field-operations"),
    Team("people-ops"),
    Team("leadership"),
    Team("security-response"),
    Team("ebro-rollout"),
)

_STAFF = "confluence-users"

OWNER = Persona(
    "mara",
    "Mara Lindqvist",
    "712020:0b6f3a52-58c1-4e0e-9b5c-7d1f60a1c001",
    (_STAFF, "site-admins", "engineering", "leadership", "people-ops", "security-response"),
)
"""Chief technology officer and owner of the wiki. Her account may see everything but one page."""

MEMBER = Persona(
    "tomas",
    "Tomás Herrera",
    "712020:4d0e8c11-93f7-4f57-8a2e-2b7f60a1c002",
    (_STAFF, "engineering", "platform-team", "ebro-rollout"),
    time_zone="Europe/Madrid",
)
"""A platform engineer: sees what engineering sees."""

OUTSIDER = Persona(
    "nadia",
    "Nadia Okafor",
    "712020:9a31c7d0-1f44-4a0b-b6a9-51cf60a1c003",
    ("confluence-guests",),
    guest=True,
    time_zone="Europe/Madrid",
    email_visible=False,
)
"""A contractor who installs gauges: a guest of the Ebro space alone."""

PEOPLE = (
    OWNER,
    MEMBER,
    OUTSIDER,
    Persona("ingrid", "Ingrid Solheim", "557058:2f7f0a1e-6b1d-4c8a-8d6e-90cf60a1c004", (_STAFF, "leadership")),
    Persona(
        "priya",
        "Priya Raman",
        "5d1f60a1c0055b0c4f2e9a71",
        (_STAFF, "engineering", "platform-team", "security-response", "site-admins"),
    ),
    Persona(
        "yuki",
        "Yuki Tanabe",
        "712020:6cf0b8e4-27a3-49f5-a0d3-c31f60a1c006",
        (_STAFF, "engineering", "platform-team"),
        time_zone="Asia/Tokyo",
    ),
    Persona(
        "lukas",
        "Lukas Brandt",
        "557058:8b8f45d2-0c3a-4b77-9e15-d70f60a1c007",
        (_STAFF, "engineering", "firmware-team"),
        time_zone="Europe/Berlin",
    ),
    Persona("anna", "Anna Berg", "5d1f60a1c0085b0c4f2e9b82", (_STAFF, "engineering", "platform-team")),
    Persona("anna.berg", "Anna Berg", "712020:e5a9d0f7-7f01-4e92-9d48-00ef60a1c009", (_STAFF, "people-ops")),
    Persona(
        "samuel",
        "Samuel Adeyemi",
        "712020:17c24be3-4a68-4bdb-8a55-b52f60a1c010",
        (_STAFF, "people-ops", "leadership"),
    ),
    Persona(
        "elena",
        "Elena Vidal",
        "557058:c0d2ea64-e1f4-4a8f-a37b-14ef60a1c011",
        (_STAFF, "field-operations", "ebro-rollout"),
        time_zone="Europe/Madrid",
    ),
    Persona(
        "oskar",
        "Oskar Nyström",
        "5d1f60a1c0125b0c4f2e9c93",
        (_STAFF, "engineering", "security-response"),
    ),
    Persona("farah", "Farah Haddad", "712020:a4be1b09-6d2c-4f3e-8f0a-77cf60a1c013", (_STAFF, "ebro-rollout")),
    Persona("henrik", "Henrik Dahl", "712020:d81c55a7-39e0-4c46-bb1d-3acf60a1c014", (_STAFF, "leadership")),
    Persona("mei", "Mei Lindgren", "557058:5a60cf9b-b7d8-4d0f-92c6-e81f60a1c015", (_STAFF, "engineering")),
    Persona("david", "David Oyelaran", "712020:3ebd02c8-51b5-47a1-9f7c-6d0f60a1c016", (_STAFF, "field-operations")),
    Persona(
        "jonas",
        "Jonas Falk",
        "5d1f60a1c0175b0c4f2e9da4",
        (_STAFF, "engineering", "firmware-team"),
        active=False,
        email_visible=False,
    ),
    Persona("weirbot", "Weirbot", "557058:f58131cb-b9f1-4b5d-80ad-b0f0f60a1c18", (_STAFF,), kind="app"),
)
"""Everyone. Two are called Anna Berg; Jonas has left and is deactivated; Weirbot is an app."""

RESTRICTED_WORD = "Kingfisher"
"""A word that only leadership finds: Mara does, Tomás and Nadia do not."""
