"""Decision records: what stands at the top of one, and the table of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from docutils import nodes

from qapidoc_ext.adr.dates import Written
from qapidoc_ext.adr.decision import Decision
from qapidoc_ext.adr.judgement import Judgement
from qapidoc_ext.adr.relation import Kind, Link
from qapidoc_ext.adr.status import Status
from qapidoc_ext.adr.verdict import Side
from qapidoc_ext.render import verdict
from qapidoc_ext.render.build import Cell, inline, literal, paragraph, row, separated, table
from qapidoc_ext.render.citation import NOTHING, Citation

SHAPES = {
    Status.PROPOSED: "○",
    Status.ACCEPTED: "●",
    Status.REJECTED: "✕",
    Status.DEFERRED: "◐",
    Status.SUPERSEDED: "↪",
    Status.WITHDRAWN: "⊘",
}
"""What stands before a status, so that two of them differ in more than colour."""

NOT_IN_FORCE = {
    Status.PROPOSED: "Not in force: this was proposed, and nobody decided on it.",
    Status.REJECTED: "Not in force: this was rejected.",
    Status.DEFERRED: "Not in force: this was put off.",
    Status.SUPERSEDED: "No longer in force: another decision took its place.",
    Status.WITHDRAWN: "Not in force: whoever proposed this withdrew it.",
}
SIDES = {
    Side.FOR: "for it",
    Side.AGAINST: "against it",
    Side.HOLD: "undecided",
    Side.CONDITIONAL: "for it on a condition",
    Side.NEUTRAL: "neither for nor against it",
}

CONFIRMATION = "confirmation"
"""The id that docutils gives to the section *Confirmation*, which every record has."""

LinkTo = Callable[[int], nodes.Node]
"""A link to the record with a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a record's page says besides its front matter."""

    citation: Citation
    link: LinkTo
    evidence: Mapping[str, str] = field(default_factory=dict)
    """What is said of each example and of each table of the page, by its name."""
    links: Sequence[Link] = ()
    statuses: Mapping[int, Status] = field(default_factory=dict)
    """Of the records, by number."""
    judgements: Sequence[Judgement] = ()
    """Its verdicts."""
    address: verdict.AddressOf = str
    criteria: Mapping[str, str] = field(default_factory=dict)
    """The text of each criterion, by its id."""
    elsewhere: Sequence[tuple[str, str]] = ()
    """The titles and the addresses of other pages about it."""
    written: Written | None = None
    why_not_written: str = ""
    """Why it is not known when the record was written."""


def summary(decision: Decision, around: Around) -> list[nodes.Node]:
    """What stands below the title of a record: its status, how it came to it, and what confirms it."""
    facts = [
        *([_fact("Option", f"{decision.option} of the discussion")] if decision.option else []),
        _fact("Proposed by", ", ".join(decision.proposers)),
        *_in_discussion(decision),
        _fact("Confirmation", _confirmation(decision, around.evidence)),
        *_elsewhere(around),
        _fact("This record", _written(around)),
    ]
    history = (
        row([status_label(one.status), str(one.on), one.by, around.citation.source(one.source)])
        for one in decision.history
    )
    content = [
        paragraph(status_label(decision.status), f" on {decision.date}"),
        *_banner(decision, around),
        nodes.field_list("", *facts),
        nodes.rubric("", "History"),
        table("decision-history", ["Status", "Date", "By", "Source"], history),
        *_relations(around),
        *_positions(decision, around),
        *_verdicts(around),
    ]
    return [nodes.container("", *content, classes=["decision-summary"])]


def neighbours(number: int, numbers: Sequence[int], link: LinkTo, index: nodes.Node | None) -> list[nodes.Node]:
    """Links to the record before and the one after, and to the table of all."""
    before = max((one for one in numbers if one < number), default=None)
    after = min((one for one in numbers if one > number), default=None)
    links = [
        *([[nodes.Text("← "), link(before)]] if before is not None else []),
        *([[index]] if index is not None else []),
        *([[nodes.Text("→ "), link(after)]] if after is not None else []),
    ]
    return [paragraph(separated(links, " · "), classes=["decision-neighbours"])] if links else []


def index(decisions: Iterable[Decision], link: LinkTo) -> nodes.Element:
    """The table of the decisions, in the order of their numbers."""
    ordered = sorted(decisions, key=lambda decision: decision.number)
    header = ["Decision", "Option", "Proposed by", "In the discussion", "Status", "Date"]
    rows = (
        row(
            [
                link(one.number),
                str(one.option or NOTHING),
                ", ".join(one.proposers),
                status_label(one.status_in_discussion) if one.status_in_discussion else NOTHING,
                status_label(one.status),
                str(one.date),
            ]
        )
        for one in ordered
    )
    return table("decision-index", header, rows)


def status_label(status: Status) -> nodes.inline:
    """A status, with its shape."""
    text = f"{SHAPES[status]} {status.value}"
    return nodes.inline("", text, classes=["decision-status", f"decision-status-{status.value}"])


def _banner(decision: Decision, around: Around) -> Iterator[nodes.Node]:
    """That a decision is not in force, and which one is in its place."""
    if decision.status in NOT_IN_FORCE:
        parts: list[nodes.Node] = [nodes.Text(NOT_IN_FORCE[decision.status])]
        for one in around.links:
            text = _in_its_place(one)
            if text and around.statuses.get(one.other) is Status.ACCEPTED:
                parts += [nodes.Text(f" {text}: "), around.link(one.other), nodes.Text(".")]
        classes = ["decision-banner", f"decision-banner-{decision.status.value}"]
        yield nodes.container("", paragraph(parts), classes=classes)


def _in_its_place(link: Link) -> str:
    match link.kind, link.is_own:
        case Kind.ALTERNATIVE_TO, _:
            return "An alternative to it is in force"
        case Kind.STOP_GAP_FOR, True:
            return "It was to bridge the time until this is in force, which it is"
        case Kind.CARRIES_OUT | Kind.SUPERSEDES, False:
            return f"It was {link.phrase}"
        case _:
            return ""


def _in_discussion(decision: Decision) -> list[nodes.field]:
    status = decision.status_in_discussion
    return [_fact("At the end of the discussion", status_label(status))] if status else []


def _fact(name: str, value: Cell) -> nodes.field:
    return nodes.field("", nodes.field_name("", name), nodes.field_body("", paragraph(value)))


def _confirmation(decision: Decision, evidence: Mapping[str, str]) -> list[nodes.Node]:
    if decision.unconfirmed:
        return [nodes.Text("none: "), *inline(decision.unconfirmed)]
    examples = [
        [
            nodes.reference("", "", literal(name), internal=True, refid=CONFIRMATION),
            nodes.Text(f": {evidence.get(name, 'not on this page')}"),
        ]
        for name in decision.confirmation
    ]
    return separated(examples, " · ")


def _elsewhere(around: Around) -> list[nodes.field]:
    links = [nodes.reference("", title, internal=True, refuri=address) for title, address in around.elsewhere]
    return [_fact("More about it", separated(links, " · "))] if links else []


def _written(around: Around) -> str:
    if around.written is None:
        return f"dates unknown: {around.why_not_written}"
    first, last = around.written.first, around.written.last
    return f"written on {first}" if first == last else f"written on {first}, changed on {last}"


def _relations(around: Around) -> list[nodes.Node]:
    if not around.links:
        return []
    rows = (row([one.phrase, around.link(one.other), inline(one.note or "")]) for one in around.links)
    return [nodes.rubric("", "Relations"), table("decision-relations", ["This is", "Record", "Note"], rows)]


def _positions(decision: Decision, around: Around) -> list[nodes.Node]:
    if not decision.positions:
        return []
    rows = (
        row([one.who, SIDES[one.stance], inline(one.note or ""), around.citation.source(one.source)])
        for one in decision.positions
    )
    return [nodes.rubric("", "Positions"), table("decision-positions", ["Who", "Is", "Note", "Source"], rows)]


def _verdicts(around: Around) -> list[nodes.Node]:
    if not around.judgements:
        return []
    rows = (
        row(
            [
                [nodes.strong("", criterion), nodes.Text(" "), *inline(around.criteria.get(criterion, ""))],
                verdict.sign(one),
                [paragraph(inline(one.verdict.note)), *verdict.changed(one)],
                [*verdict.badges(one), nodes.Text(" "), *verdict.basis(one, around.address, around.citation)],
            ],
            identifier=f"criterion-{criterion}",
        )
        for one in around.judgements
        for criterion in [one.verdict.criterion]
    )
    header = ["Criterion", "Met", "Why", "Evidence"]
    return [nodes.rubric("", "Criteria"), table("decision-criteria", header, rows)]
