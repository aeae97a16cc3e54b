"""What a scenario found out about each option."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes

from qapidoc_ext.adr.ground import Ground
from qapidoc_ext.qmp.scenario import SCENARIOS
from qapidoc_ext.render.build import bullets, literal, paragraph, row, table
from qapidoc_ext.render.verdict import NOT_EXECUTED


def scenario(name: str, grounds: Iterable[tuple[str, Ground]], titles: dict[str, str]) -> list[nodes.Node]:
    """The facts, once for all options that have the same; `grounds` has them by the name of the option."""
    groups: dict[tuple[str, ...], list[tuple[str, Ground]]] = {}
    for option, ground in grounds:
        groups.setdefault(ground.facts or (ground.missing,), []).append((option, ground))
    rows = [row([_options(some, titles), _facts(facts, some[0][1])]) for facts, some in groups.items()]
    about = paragraph(nodes.strong("", f"{SCENARIOS[name]}. "), _counted(list(groups.values())))
    return [about, table("scenario", ["With the interface of", "What was found out"], rows)]


def _counted(groups: Sequence[Sequence[tuple[str, Ground]]]) -> str:
    count = sum(map(len, groups))
    if len(groups) == 1 and count > 1:
        return f"All {count} have the same facts: that is one piece of evidence, and not {count}."
    return "Those that stand together have the same facts." if len(groups) < count else ""


def _options(some: Sequence[tuple[str, Ground]], titles: dict[str, str]) -> list[nodes.Node]:
    return [_option(option, ground, titles) for option, ground in some]


def _option(option: str, ground: Ground, titles: dict[str, str]) -> nodes.paragraph:
    named = paragraph(nodes.strong("", option), f" {titles[option]}")
    named["ids"].append(f"facts-{ground.name}")
    return named


def _facts(facts: Sequence[str], ground: Ground) -> list[nodes.Node]:
    if ground.facts is None:
        return [paragraph(f"{NOT_EXECUTED}: {ground.missing}")]
    return [bullets((paragraph(literal(fact)) for fact in facts), ["scenario-facts"])]
