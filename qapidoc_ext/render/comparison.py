"""Decisions side by side: a row for each criterion, a column for each decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from docutils import nodes

from qapidoc_ext.adr.comparison import Cell, Comparison, Line
from qapidoc_ext.adr.decision import Decision
from qapidoc_ext.adr.discussion import Argument, Stance
from qapidoc_ext.adr.judgement import Judgement
from qapidoc_ext.render import verdict
from qapidoc_ext.render.build import Cell as TableCell
from qapidoc_ext.render.build import bullets, folded, inline, literal, paragraph, row, separated, table, wide_row
from qapidoc_ext.render.citation import Citation

_STANCES = {Stance.PRO: "For it", Stance.CON: "Against it", Stance.NEUTRAL: "Neither"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a page with a comparison says besides the verdicts."""

    citation: Citation
    address: verdict.AddressOf
    paths: dict[int, str]
    """Of the records' sources, by number."""
    statuses: dict[int, nodes.Node]
    """How the status of each record is shown."""


def comparison(compared: Comparison, around: Around) -> list[nodes.Node]:
    """The table, and below it what it does not say."""
    knock_outs = [line for line in compared.lines if line.criterion.knock_out]
    others = [line for line in compared.lines if not line.criterion.knock_out]
    width = 1 + len(compared.decisions)
    rows: list[nodes.row] = []
    if knock_outs:
        rows += [wide_row("Knock-out criteria: what fails by one of them is out, whatever else it does", width)]
        rows += [_row(line, compared.decisions, around) for line in knock_outs]
        rows += [wide_row("The other criteria", width)]
    rows += [_row(line, compared.decisions, around) for line in others]
    header: list[TableCell] = ["Criterion", *(_heading(one, around) for one in compared.decisions)]
    whole = table("comparison", header, rows)
    return [nodes.container("", whole, classes=["comparison"]), *_unused(compared, around)]


def name(decision: Decision) -> str:
    """What a decision is called where there is little room: the number of its option, or else its own."""
    return str(decision.option or decision.number)


def _heading(decision: Decision, around: Around) -> list[nodes.Node]:
    title = nodes.inline("", f" {decision.title}", classes=["comparison-title"])
    number = nodes.strong("", name(decision), classes=["comparison-number"])
    return [
        paragraph(nodes.reference("", "", number, title, internal=True, **_target(decision, "", around))),
        paragraph(around.statuses[decision.number]),
    ]


def _target(decision: Decision, anchor: str, around: Around) -> dict[str, str]:
    address = around.address(around.paths[decision.number])
    return {"refuri": f"{address}{anchor}"} if address or not anchor else {"refid": anchor.removeprefix("#")}


def _row(line: Line, decisions: Sequence[Decision], around: Around) -> nodes.row:
    criterion = line.criterion
    about: list[nodes.Node] = [
        paragraph(nodes.strong("", criterion.id), " ", inline(criterion.text)),
        paragraph("Told by: ", inline(criterion.check), classes=["comparison-check"]),
        *_shared(line, decisions),
    ]
    cells = [_cell(cell, one, around) for cell, one in zip(line.cells, decisions, strict=True)]
    made = row([about, *cells], identifier=f"comparison-{criterion.id}")
    for entry, cell in zip(made.children[1:], line.cells, strict=True):
        result = cell.judgement.verdict.verdict.value if cell.judgement else "none"
        state = cell.judgement.state.name.lower().replace("_", "-") if cell.judgement else "none"
        entry["classes"] += [f"comparison-{result}", f"comparison-is-{state}"]  # type: ignore[index]
    return made


def _shared(line: Line, decisions: Sequence[Decision]) -> Iterator[nodes.Node]:
    """That verdicts rest on the same facts, so that nobody counts them as several observations."""
    names = {one.number: name(one) for one in decisions}
    for shared in line.shared:
        options = ", ".join(names[number] for number in shared.numbers)
        what = separated(literal(subject) for subject in shared.subjects)
        count = len(shared.numbers)
        text = f" found the same with {options}: one piece of evidence, not {count}."
        yield paragraph(what, text, classes=["comparison-shared"])


def _cell(cell: Cell, decision: Decision, around: Around) -> list[nodes.Node]:
    one = cell.judgement
    called = nodes.inline("", f"{name(decision)} ", classes=["comparison-column"])
    if one is None:
        return [paragraph(called, nodes.inline("", verdict.OPEN, classes=["verdict-sign", "verdict-none"]))]
    title = [called, verdict.sign(one), nodes.Text(" "), *verdict.badges(one)]
    inside = nodes.container("", *_inside(cell, one, around), classes=["comparison-inside"])
    return [folded(title, inside), paragraph(inline(one.verdict.note), classes=["comparison-note"])]


def _inside(cell: Cell, one: Judgement, around: Around) -> Iterator[nodes.Node]:
    yield paragraph("Evidence: ", verdict.basis(one, around.address, around.citation))
    yield from verdict.changed(one)
    for stance, title in _STANCES.items():
        found = [argument for argument in cell.arguments if argument.stance is stance]
        if found:
            yield paragraph(nodes.strong("", title))
            yield _list(found, one.record.decision, around)


def _list(arguments: Iterable[Argument], decision: Decision, around: Around) -> nodes.bullet_list:
    return bullets(_argument(one, decision, around) for one in arguments)


def _argument(argument: Argument, decision: Decision, around: Around) -> nodes.paragraph:
    target = _target(decision, f"#argument-{argument.id}", around)
    link = nodes.reference("", argument.id, internal=True, **target)
    return paragraph(link, ": ", inline(argument.text), " (", around.citation.by(argument), ")")


def _unused(compared: Comparison, around: Around) -> Iterator[nodes.Node]:
    """The arguments that are about no criterion."""
    if compared.unused:
        content = [
            node
            for decision, arguments in compared.unused
            for node in (
                paragraph(nodes.strong("", f"{name(decision)} {decision.title}")),
                _list(arguments, decision, around),
            )
        ]
        count = sum(len(arguments) for _, arguments in compared.unused)
        yield folded(f"Arguments that are about none of these criteria: {count}", *content)
