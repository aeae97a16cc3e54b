"""A verdict: in words, with a sign that does not rest on colour, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from docutils import nodes

from qapidoc_ext.adr.ground import Ground
from qapidoc_ext.adr.judgement import Judgement, State, difference
from qapidoc_ext.adr.scenarios import SCENARIO
from qapidoc_ext.adr.shown import EXAMPLE, INTERFACE, RECORDED
from qapidoc_ext.adr.verdict import Evidence, Result
from qapidoc_ext.render.build import label, literal, paragraph, separated
from qapidoc_ext.render.citation import NOTHING, Citation

SIGNS = {Result.PASS: "✓", Result.FAIL: "✕", Result.PARTIAL: "◐", Result.NOT_APPLICABLE: NOTHING, Result.OPEN: "○"}
WORDS = {
    Result.PASS: "yes",
    Result.FAIL: "no",
    Result.PARTIAL: "in part",
    Result.NOT_APPLICABLE: "does not apply",
    Result.OPEN: "open",
}
KINDS = {
    Evidence.LIVE: "▶ live",
    Evidence.SIMULATED: "◈ simulated",
    Evidence.RECORDED: "◷ recorded",
    Evidence.ASSERTED: "❝ asserted",
}
CHANGED = "⚠ evidence changed"
UNJUDGED = "⚠ not judged"
NOT_EXECUTED = "○ not executed"
OPEN = f"{SIGNS[Result.OPEN]} {WORDS[Result.OPEN]}"
"""What stands where there is no verdict."""

AddressOf = Callable[[str], str]
"""The address of a page, by the path of its source, from the page that is shown; empty where it is that page."""
PREFIX = {EXAMPLE: "example-", INTERFACE: "interface-", RECORDED: "recorded-", SCENARIO: "example-"}
"""How the anchor of what a directive shows begins; its name follows."""


def sign(one: Judgement) -> nodes.inline:
    """The verdict in a few words: with its own sign only where this build has the facts, or where it needs none."""
    word = WORDS[one.verdict.verdict]
    match one.state:
        case State.ASSERTED | State.STANDS if not one.is_recorded:
            text = f"{SIGNS[one.verdict.verdict]} {word}"
        case State.ASSERTED | State.STANDS:
            text = f"◷ {word}"
        case State.NOT_EXECUTED:
            text = f"{NOT_EXECUTED}; judged before: {word}"
        case State.CHANGED:
            text = f"{CHANGED}; it was: {word}"
        case State.UNJUDGED:
            text = f"{UNJUDGED} on its evidence: {word}"
        case _:
            assert_never(one.state)
    return nodes.inline("", text, classes=["verdict-sign", f"verdict-{one.state.name.lower().replace('_', '-')}"])


def badges(one: Judgement) -> list[nodes.Node]:
    """The kind of the evidence, and which QEMU gave it, where that was not in this build."""
    kind = one.verdict.kind
    found: list[nodes.Node] = [label(f"evidence-{kind.value}", KINDS[kind])]
    if one.qemu and (one.is_recorded or one.state is State.NOT_EXECUTED):
        versions = " and ".join(f"QEMU {version}" for version in one.qemu)
        found += [nodes.Text(" "), label("evidence-recorded", f"◷ recorded with {versions}")]
    return found


def basis(one: Judgement, address: AddressOf, citation: Citation) -> list[nodes.Node]:
    """What the verdict rests on: links to what shows it, or who said it."""
    parts = separated(
        [ground_link(ground, address), *([nodes.Text(f" ({ground.missing})")] if ground.missing else [])]
        for ground in one.grounds
    )
    if one.verdict.source:
        parts += [nodes.Text(": " if parts else ""), *citation.said(one.verdict.source)]
    return parts or [nodes.Text("our observation")]


def ground_link(ground: Ground, address: AddressOf) -> nodes.reference:
    """A link to a piece of evidence."""
    is_asked = ground.directive == SCENARIO and not (ground.qemu or ground.missing)  # recordings, and no QEMU
    anchor = f"{'facts-' if is_asked else PREFIX[ground.directive]}{ground.name}"
    page = address(ground.path)
    target = {"refuri": f"{page}#{anchor}"} if page else {"refid": anchor}
    return nodes.reference("", "", literal(ground.name), internal=True, **target)


def changed(one: Judgement) -> Iterator[nodes.Node]:
    """How the facts differ from those that the verdict was judged on; nothing where they do not."""
    if one.state in {State.CHANGED, State.UNJUDGED}:
        yield paragraph("Somebody has to judge again. The facts that are gone (-) and those that are new (+):")
        yield nodes.literal_block("", "\n".join(difference(one)), language="none")
