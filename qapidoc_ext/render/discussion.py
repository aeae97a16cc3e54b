"""A discussion: its arguments, its messages, and what else was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from docutils import nodes

from qapidoc_ext.adr.discussion import (
    Argument,
    Constraint,
    Correction,
    Discussion,
    Idea,
    Item,
    Message,
    Question,
    Stance,
    Statement,
)
from qapidoc_ext.render.build import bullets, inline, paragraph, row, table
from qapidoc_ext.render.citation import NOTHING, Citation

OURS = "our observation"
Wanted = Callable[[str], bool]
"""Whether the item with an id is to be shown."""


def arguments(found: Sequence[Argument], discussion: Discussion, citation: Citation) -> list[nodes.Node]:
    """The arguments of one stance, each with its replies and with the corrections that belong to it."""
    if not found:
        return [paragraph("Nobody says anything of this kind.")]
    corrections = {one.id: one for one in discussion.corrections}
    rows = (
        row(
            [one.id, _argument(one, [corrections[name] for name in one.corrections], citation), citation.by(one)],
            identifier=f"argument-{one.id}",
        )
        for one in found
    )
    return [table("decision-arguments", ["Id", "Argument", "Who, where"], rows)]


def _argument(argument: Argument, corrections: Iterable[Correction], citation: Citation) -> list[nodes.Node]:
    replies = [citation.statement(reply, ["decision-reply"]) for reply in argument.replies]
    notes = [
        paragraph(nodes.strong("", f"Correction {one.id}: "), inline(one.reading), classes=["decision-correction"])
        for one in corrections
    ]
    content: list[nodes.Node] = [paragraph(inline(argument.text)), *notes]
    if replies:
        title = paragraph("Replies:" if len(replies) > 1 else "Reply:", classes=["decision-replies"])
        content += [title, bullets(replies)]
    return content


def part(name: str, argument: str, wanted: Wanted, discussion: Discussion, citation: Citation) -> list[nodes.Node]:
    """A part of the discussion: all of it, or the wanted items. `argument` is the id of a table.

    :raise KeyError: there is no such part, or no such table.
    """
    if name == "table":
        return _table(discussion, argument, citation)
    parts: dict[str, Callable[[], nodes.Node]] = {
        "messages": lambda: _messages(discussion, citation),
        "calendar": lambda: _calendar(discussion, citation),
        "participants": lambda: _participants(discussion, citation),
        "terms": lambda: _terms(discussion, citation),
        "corrections": lambda: _corrections([one for one in discussion.corrections if wanted(one.id)], citation),
        "ideas": lambda: _ideas([one for one in discussion.ideas if wanted(one.id)], citation),
        "questions": lambda: _questions([one for one in discussion.questions if wanted(one.id)], citation),
        "constraints": lambda: _constraints([one for one in discussion.constraints if wanted(one.id)], citation),
        "outcome": lambda: _outcome(discussion, wanted, citation),
        "checklist": lambda: _checklist([one for one in discussion.checklist if wanted(one.id)], citation),
    }
    return [parts[name]()]


def _terms(discussion: Discussion, citation: Citation) -> nodes.table:
    rows = (row([one.word, inline(one.meaning.text), citation.by(one.meaning)]) for one in discussion.terms)
    return table("discussion-terms", ["Term", "Meaning", "Who, where"], rows)


def _constraints(found: Iterable[Constraint], citation: Citation) -> nodes.table:
    rows = (_with_more(one, one.confirmed, citation, f"constraint-{one.id}") for one in found)
    return table("discussion-constraints", ["Id", "What is given", "Who, where"], rows)


def _outcome(discussion: Discussion, wanted: Wanted, citation: Citation) -> nodes.table:
    rows = [_with_more(one, (), citation, f"outcome-{one.id}") for one in discussion.outcome if wanted(one.id)]
    rows += [row([one.id, inline(one.text), OURS]) for one in discussion.observations if wanted(one.id)]
    return table("discussion-outcome", ["Id", "What", "Who, where"], rows)


def _checklist(found: Iterable[Item], citation: Citation) -> nodes.table:
    rows = (_with_more(one, (), citation, f"checklist-{one.id}") for one in found)
    return table("discussion-checklist", ["Id", "What is missing", "Who, where"], rows)


def standing(statements: Sequence[Statement], citation: Citation) -> list[nodes.Node]:
    """What the last messages say of an option."""
    return _statements(statements, citation) or [paragraph("The last messages do not mention it.")]


def _statements(found: Sequence[Statement], citation: Citation) -> list[nodes.Node]:
    return [bullets(map(citation.statement, found))] if found else []


def _with_more(item: Item, more: Sequence[Statement], citation: Citation, identifier: str) -> nodes.row:
    said = [paragraph(inline(item.text)), *_statements(more, citation)]
    return row([item.id, said, citation.by(item)], identifier=identifier)


def _messages(discussion: Discussion, citation: Citation) -> nodes.table:
    rows = (
        row(
            [
                one.id,
                citation.name(one.author),
                one.lines.replace("-", "\N{EN DASH}"),
                one.replies_to or NOTHING,
                inline(one.about),
                [citation.mail(one.message_id)] if one.message_id else "",
            ],
            identifier=f"message-{one.id}",
        )
        for one in discussion.messages
    )
    header = ["Message", "From", "Lines", "Answers", "What it is about", "Message-ID"]
    return table("discussion-messages", header, rows)


def _calendar(discussion: Discussion, citation: Citation) -> nodes.table:
    def order(message: Message) -> tuple[bool, object]:
        return message.on is None, _moment(message)

    rows = (
        row(
            [str(one.on or "unknown"), one.time or NOTHING, _named(one, citation), inline(one.about), inline(one.basis)]
        )
        for one in sorted(discussion.messages, key=order)
    )
    return table("discussion-calendar", ["Day", "Time", "Message", "What it is about", "How the date is known"], rows)


def _moment(message: Message) -> tuple[datetime, bool]:
    """When a message was written; where only the day is known, its end."""
    if message.on is None:
        return datetime.max.replace(tzinfo=UTC), True
    time = (message.time or "23:59Z").replace("Z", "+00:00")
    return datetime.fromisoformat(f"{message.on}T{time}").astimezone(UTC), message.time is None


def _named(message: Message, citation: Citation) -> list[nodes.Node]:
    return [citation.message(message.id), nodes.Text(f", {citation.name(message.author)}")]


def _participants(discussion: Discussion, citation: Citation) -> nodes.table:
    rows = (
        row(
            [
                one.name,
                inline(one.role),
                inline(one.need.text) if one.need else NOTHING,
                citation.by(one.need) if one.need else "",
            ]
        )
        for one in discussion.participants
    )
    return table("discussion-participants", ["Who", "Role", "What they need", "Where it stands"], rows)


def _table(discussion: Discussion, identifier: str, citation: Citation) -> list[nodes.Node]:
    found = next((one for one in discussion.tables if one.id == identifier), None)
    if found is None:
        raise KeyError(identifier)
    rows = (
        row(
            [
                *(inline(cell) for cell in one.cells),
                [*citation.said(one), *([nodes.Text(". "), *inline(one.note)] if one.note else [])],
            ]
        )
        for one in found.rows
    )
    result = table("discussion-table", [*found.columns, "Who, where"], rows)
    return [paragraph(nodes.strong("", found.title), classes=["discussion-title"]), result]


def _corrections(found: Iterable[Correction], citation: Citation) -> nodes.table:
    rows = (
        row(
            [
                one.id,
                [paragraph(inline(one.what), " (", citation.said(one.original), ")"), *_steps(one, citation)],
                inline(one.reading),
            ],
            identifier=f"correction-{one.id}",
        )
        for one in found
    )
    return table("discussion-corrections", ["Id", "What stands there, and who put it right", "What holds"], rows)


def _steps(correction: Correction, citation: Citation) -> Iterator[nodes.Node]:
    steps = [paragraph(citation.by(one), ": ", inline(one.text)) for one in correction.steps]
    yield bullets(steps or [paragraph(OURS.capitalize(), ".")])


def _ideas(found: Iterable[Idea], citation: Citation) -> nodes.table:
    def text(idea: Idea) -> list[nodes.Node]:
        note = [paragraph(inline(idea.note), f" ({OURS[0].upper()}{OURS[1:]}.)")] if idea.note else []
        return [
            paragraph(nodes.strong("", "", *inline(idea.title))),
            *_statements(idea.statements, citation),
            *note,
        ]

    rows = (row([one.id, text(one)], identifier=f"idea-{one.id}") for one in found)
    return table("discussion-ideas", ["Id", "Idea, and what was said of it"], rows)


def _questions(found: Iterable[Question], citation: Citation) -> nodes.table:
    def answer(question: Question) -> list[nodes.Node]:
        if not question.answers:
            return [paragraph("Not answered.")]
        return [citation.statement(one) for one in question.answers]

    rows = (
        row(
            [one.id, [citation.statement(one)], answer(one)],
            identifier=f"question-{one.id}",
        )
        for one in found
    )
    return table("discussion-questions", ["Id", "Question", "Answer"], rows)


def of_stance(found: Iterable[Argument], stance: str) -> list[Argument]:
    """The arguments of one stance.

    :raise ValueError: there is no such stance.
    """
    return [one for one in found if one.stance is Stance(stance)]
