"""Passages of a discussion, as words and links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from docutils import nodes

from qapidoc_ext.adr.discussion import Discussion, Statement
from qapidoc_ext.adr.reference import Commit, Mail, Passage, Reference, Web
from qapidoc_ext.render.build import inline, linked, literal, paragraph

NOTHING = "\N{EN DASH}"
"""What stands in a cell that has nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """How passages are shown on one page."""

    discussion: Discussion | None
    address: str | None = None
    """Of the page that lists the messages, from the page that is shown: empty on that page, none where none does."""

    def message(self, name: str) -> nodes.Node:
        """The name of a message, as a link to it where it is listed."""
        return linked(name, None if self.address is None else f"{self.address}#message-{name}")

    def place(self, passage: Passage) -> list[nodes.Node]:
        """The message and the lines."""
        return [self.message(passage.message), nodes.Text(f", {lines(passage.lines)}")]

    def said(self, passage: Passage) -> list[nodes.Node]:
        """The author, the message and the lines."""
        message = self.discussion.message(passage.message) if self.discussion else None
        author = [nodes.Text(f"{self.name(message.author)}, ")] if message else []
        return [*author, *self.place(passage)]

    def by(self, statement: Statement) -> list[nodes.Node]:
        """Who said it, and where it stands."""
        reported = f", as {self.name(statement.reported_by)} reports it" if statement.reported_by else ""
        return [nodes.Text(f"{self.name(statement.author)}{reported}, "), *self.place(statement)]

    def statement(self, statement: Statement, classes: Iterable[str] = ()) -> nodes.paragraph:
        """What is said, and in parentheses who said it and where."""
        return paragraph(inline(statement.text), " (", self.by(statement), ")", classes=classes)

    def name(self, author: str) -> str:
        """The name of a participant."""
        return self.discussion.participant(author) if self.discussion else author

    def mail(self, message_id: str) -> nodes.Node:
        """A Message-ID, with a link where the archive is known."""
        archive = self.discussion.archive if self.discussion else None
        if archive is None:
            return literal(message_id)
        return nodes.reference("", "", literal(message_id), refuri=f"{archive}{message_id}/")

    def source(self, reference: Reference) -> list[nodes.Node]:
        """What a change of status rests on."""
        hindsight = "hindsight: " if self.discussion else ""
        match reference:
            case Passage():
                return [nodes.Text("the discussion: "), *self.place(reference)]
            case Mail():
                return [nodes.Text(f"{hindsight}the mail "), self.mail(reference.mail)]
            case Commit():
                return [
                    nodes.Text(f"{hindsight}commit "),
                    literal(reference.commit),
                    nodes.Text(f" of {reference.project}"),
                ]
            case Web():
                return [nodes.Text(hindsight), nodes.reference("", reference.url, refuri=reference.url)]


def lines(text: str) -> str:
    """The numbers of lines, as words: `lines 924-941` with a dash."""
    first, dash, last = text.partition("-")
    return f"lines {first}\N{EN DASH}{last}" if dash else f"line {first}"
