"""Decisions for other programs: as JSON, and as an Atom feed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import msgspec

from qapidoc_ext.adr.decision import Decision, changes
from qapidoc_ext.adr.records import Records

_ATOM = "http://www.w3.org/2005/Atom"


def as_json(records: Records, addresses: Mapping[int, str]) -> str:
    """All decisions, each with its address, which is relative to the file, and its relations seen from both sides."""
    content = [
        {
            **msgspec.to_builtins(one),
            "address": addresses.get(one.number),
            "relations": [
                {"phrase": link.phrase, "to": link.other, "note": link.note} for link in records.links(one.number)
            ],
            "date": one.date.isoformat(),
            "status_in_discussion": one.status_in_discussion and one.status_in_discussion.value,
        }
        for one in records.decisions
    ]
    return json.dumps({"decisions": content}, indent=2, ensure_ascii=False) + "\n"


def as_atom(records: Records, addresses: Mapping[int, str], *, title: str, base: str) -> str:
    """A feed of the changes of status, the newest first. `base` is its folder's address, empty if not known."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    newest_first = changes(records.decisions)[::-1]
    identity = base or f"urn:qapidoc-ext:{title}"
    _add(feed, "title", f"{title}: decisions")
    _add(feed, "id", f"{identity}#decisions")
    _add(feed, "updated", f"{newest_first[0][0].on}T00:00:00Z" if newest_first else "1970-01-01T00:00:00Z")
    for change, one in newest_first:
        day, status = change.on, change.status.value
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "title", f"{one.number:04} {one.title}: {status}")
        _add(entry, "id", f"{identity}#{one.number:04}-{day}-{status}")
        _add(entry, "updated", f"{day}T00:00:00Z")
        _add(ET.SubElement(entry, f"{{{_ATOM}}}author"), "name", change.by)
        if one.number in addresses:
            ET.SubElement(entry, f"{{{_ATOM}}}link", href=f"{base}{addresses[one.number]}")
        _add(entry, "summary", _summary(one))
    ET.indent(feed)
    text: str = ET.tostring(feed, encoding="unicode", xml_declaration=True)
    return text + "\n"


def _summary(decision: Decision) -> str:
    return f"Now {decision.status.value}. Proposed by {', '.join(decision.proposers)}."


def _add(parent: Any, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = text
