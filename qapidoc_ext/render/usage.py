"""Who uses a definition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from docutils import nodes

from qapidoc_ext.render.build import Cell, folded, paragraph, row, section, separated, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.schema.usage import Reach, Role, Use

_LISTED = 20
"""Names that are shown at once; more are folded."""
_MEMBERS = frozenset([Role.ARGUMENT, Role.DATUM, Role.MEMBER])


def used_by(
    uses: Sequence[Use], reach: Reach, branch_pages: Sequence[str], context: Context
) -> Iterator[nodes.section]:
    """The definitions that name a type, and the commands and events whose messages can hold a value of it."""
    rows = [
        row([role.value, _links([_link(use, branch_pages, context) for use in found])]) for role, found in _by(uses)
    ]
    rows += [
        row([words, _links([context.link("any", name) for name in names])])
        for words, names in _reached(reach, uses)
        if names
    ]
    if rows:
        yield section("_used-by", "Used by", table("used-by", ["As", "By"], rows))


def _by(uses: Sequence[Use]) -> Iterator[tuple[Role, list[Use]]]:
    roles = list(Role)
    in_order = sorted(uses, key=lambda use: roles.index(use.role))
    for role, found in groupby(in_order, key=lambda use: use.role):
        yield role, list(found)


def _reached(reach: Reach, uses: Sequence[Use]) -> Iterator[tuple[str, list[str]]]:
    """What leads to the type in more than one step: what names it itself is above."""
    direct = {use.definition for use in uses}
    yield "sent, at some depth, with", [name for name in reach.sent if name not in direct]
    yield "returned, at some depth, by", [name for name in reach.returned if name not in direct]
    yield "brought, at some depth, by", [name for name in reach.emitted if name not in direct]


def _link(use: Use, branch_pages: Sequence[str], context: Context) -> nodes.Node:
    part = f"{use.definition}.{use.part}"
    if use.role in _MEMBERS:
        return context.link("member", part)
    if use.role is Role.BRANCH and use.definition in branch_pages:
        return context.link("branch", part)
    return context.link("any", use.definition, part if use.part else "")


def _links(links: list[nodes.Node]) -> Cell:
    if len(links) <= _LISTED:
        return separated(links)
    return [folded(f"{len(links)} of them", paragraph(separated(links)))]
