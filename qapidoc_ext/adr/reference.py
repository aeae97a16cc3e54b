"""Where something was said or done: in the discussion that a decision is about, or after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from qapidoc_ext.adr.front_matter import Text

MessageName = Annotated[str, Meta(pattern=r"^M[1-9]\d*$", description="a message's name, such as M5")]
Lines = Annotated[str, Meta(pattern=r"^[1-9]\d*(-[1-9]\d*)?$", description="lines, such as 924-941")]
MessageId = Annotated[str, Meta(pattern=r"^[^\s<>@]+@[^\s<>@]+$", description="a Message-ID, without < and >")]
CommitId = Annotated[str, Meta(pattern=r"^[0-9a-f]{10,40}$", description="10 to 40 hexadecimal digits of a commit")]
Url = Annotated[str, Meta(pattern=r"^https?://[^\s<>\"]+$", description="an address that starts with http")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A place in the discussion that the decision is about."""

    message: MessageName
    lines: Lines
    """Of the whole discussion's text, from 1."""

    @property
    def span(self) -> range:
        """The numbers of the lines."""
        first, _, last = self.lines.partition("-")
        return range(int(first), int(last or first) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that is no part of the discussion: where there is one, hindsight."""

    mail: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit of a project's repository."""

    commit: CommitId
    project: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """A page on the web."""

    url: Url


Reference = Passage | Mail | Commit | Web
"""What a change of status can rest on."""
