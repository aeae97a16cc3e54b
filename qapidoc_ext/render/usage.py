"""Who uses a definition."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from docutils import nodes

from qapidoc_ext.render.build import Cell, folded, paragraph, row, section, separated, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.schema.usage import Reach, Role, Use

_LISTED = 20
"""Names that are shown at once; more are folded."""
_MEMBERS = frozenset([Role.ARGUMENT, Role.DATUM, Role.MEMBER])
_SENT = frozenset([Role.ARGUMENTS, Role.ARGUMENT])
_RETURNED = frozenset([Role.RETURN])
_BROUGHT = frozenset([Role.DATA, Role.DATUM])


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
    yield "sent, at some depth, with", _less(reach.sent, uses, _SENT)
    yield "returned, at some depth, by", _less(reach.returned, uses, _RETURNED)
    yield "brought, at some depth, by", _less(reach.emitted, uses, _BROUGHT)


def _less(names: Sequence[str], uses: Sequence[Use], roles: Collection[Role]) -> list[str]:
    """The names without those that use it in one of these roles: a command can take a type and return it in another."""
    named = {use.definition for use in uses if use.role in roles}
    return [name for name in names if name not in named]


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
