"""Who made a package, who publishes it and whom to ask, read from ``contributors`` of either version.

Source: Data Package 2.0 (https://datapackage.org/standard/data-package/#contributors); version 1 has one ``role``
instead of ``roles`` and no parts of a name.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from shuttle_diplomacy.package.model import Descriptor

Kind = Literal["person", "organization", "unknown"]
_ORCID = re.compile(r"https?://orcid\.org/([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?")
_ROR = re.compile(r"https?://ror\.org/(0[a-z0-9]{6}[0-9]{2})/?")
_MAIL = re.compile(r"[^\s<>@:/]+@[^\s<>@:/]+")
_CREATES = {"creator", "author"}
_ANSWERS = {"contact", "contactperson", "contactpoint", "maintainer"}


@dataclass(frozen=True)
class Agent:
    """A person or organisation that contributed.

    Attributes:
        number: its place among the contributors, from 1.
        name: as it is shown.
        given: the given name, or an empty text.
        family: the family name, or an empty text.
        path: the address of a page about it, or an empty text.
        email: the mail address, or an empty text.
        organization: where it works, or an empty text.
        roles: lower case, letters only.
    """

    number: int
    name: str
    given: str = ""
    family: str = ""
    path: str = ""
    email: str = ""
    organization: str = ""
    roles: tuple[str, ...] = ()

    @property
    def orcid(self) -> str | None:
        """Return the identifier of a person, if the page is that of one."""
        found = _ORCID.fullmatch(self.path)
        return found[1] if found else None

    @property
    def ror(self) -> str | None:
        """Return the identifier of an organisation, if the page is that of one."""
        found = _ROR.fullmatch(self.path)
        return found[1] if found else None

    @property
    def kind(self) -> Kind:
        """Return what it is, as far as its name's parts or its page's address tell.

        Examples:
            >>> Agent(1, "Ada Lovelace", "Ada", "Lovelace").kind, Agent(2, "The keepers").kind
            ('person', 'unknown')
        """
        if self.given or self.family or self.orcid:
            return "person"
        return "organization" if self.ror else "unknown"


def agents(descriptor: Descriptor) -> list[Agent]:
    """Return all contributors that have a name.

    Examples:
        >>> agents({"contributors": [{"title": "Ada", "role": "Author"}, {"givenName": "Eve", "email": "no address"}]})
        [Agent(number=1, name='Ada', ... roles=('author',)), Agent(number=2, name='Eve', given='Eve', ...)]
    """
    listed = descriptor.get("contributors", [])
    found = [_agent(n, item) for n, item in enumerate(listed, 1) if isinstance(item, dict)]
    return [agent for agent in found if agent.name]


def _agent(number: int, item: Descriptor) -> Agent:
    given, family = _text(item, "givenName"), _text(item, "familyName")
    mail = _text(item, "email")
    return Agent(
        number=number,
        name=_text(item, "title") or f"{given} {family}".strip(),
        given=given,
        family=family,
        path=_text(item, "path"),
        email=mail if _MAIL.fullmatch(mail) else "",
        organization=_text(item, "organization"),
        roles=tuple(_plain(role) for role in _roles(item)),
    )


def _roles(item: Descriptor) -> list[Any]:
    roles = item.get("roles")
    return roles if isinstance(roles, list) else [item["role"]] if "role" in item else []


def _plain(role: Any) -> str:
    return re.sub(r"[^a-z]", "", str(role).lower())


def _text(item: Descriptor, key: str) -> str:
    value = item.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def creators(descriptor: Descriptor) -> list[Agent]:
    """Return who made the data: those who are said to, else those without a role, else everybody.

    Examples:
        >>> people = [{"title": "Ada", "roles": ["publisher"]}, {"title": "Eve", "roles": ["creator"]}]
        >>> [agent.name for agent in creators({"contributors": people})]
        ['Eve']
    """
    everybody = agents(descriptor)
    made = [agent for agent in everybody if _CREATES.intersection(agent.roles)]
    return made or [agent for agent in everybody if not agent.roles] or everybody


def publisher(descriptor: Descriptor) -> Agent | None:
    """Return who publishes the data: who is said to, else its first creator; None where nobody is named."""
    said = [agent for agent in agents(descriptor) if "publisher" in agent.roles]
    return next(iter(said or creators(descriptor)), None)


def contact(descriptor: Descriptor) -> Agent | None:
    """Return whom to ask: who is said to answer, else the first with a mail address, else the publisher.

    Examples:
        >>> contact({"contributors": [{"title": "Ada"}, {"title": "Eve", "email": "eve@zoo.example"}]}).name
        'Eve'
    """
    everybody = agents(descriptor)
    said = [agent for agent in everybody if _ANSWERS.intersection(agent.roles)]
    reached = [agent for agent in everybody if agent.email]
    return next(iter(said or reached), None) or publisher(descriptor)
