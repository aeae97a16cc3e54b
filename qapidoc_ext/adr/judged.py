"""Verdicts that somebody has judged: their records and the facts beside them say so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from qapidoc_ext.adr.decision import Record
from qapidoc_ext.adr.facts import digest
from qapidoc_ext.adr.judgement import Judgement, State
from qapidoc_ext.adr.kept import Kept, read_kept, write_kept
from qapidoc_ext.adr.records import records
from qapidoc_ext.qmp.replace import rewrite
from qapidoc_ext.source import Location, SourceError, SourceText, fault, read_bytes

_JUDGED = re.compile(r"""(["']?)judged\1\s*:\s*(["']?)[0-9a-f]*\2""")


def write_judged(folder: Path, found: Iterable[Judgement]) -> None:
    """Write into the records in the folder, and beside them, the facts of those of the judgements that can be judged.

    :raise SourceError: a file cannot be written, has lines that end with CR LF, or has changed since it was read.
    """
    kept = _kept(folder)
    by_path: dict[str, list[Judgement]] = {}
    for one in found:
        if one.facts is None or not one.can_be_judged:
            continue
        if one.state in {State.UNJUDGED, State.CHANGED}:
            by_path.setdefault(one.record.page.path, []).append(one)
            kept[digest(one.facts)] = Kept(facts=one.facts, qemu=one.qemu)
        if one.state is State.STANDS:
            kept.setdefault(digest(one.facts), Kept(facts=one.facts, qemu=one.qemu))
    for path, some in by_path.items():
        record = some[0].record
        if (content := read_bytes(Path(path))) != record.page.text.encode():
            why = "has lines that end with CR LF" if b"\r" in content else "has changed since it was read"
            raise fault(Location(path=path), f"{why}, and stays as it is")
        text = rewritten(record, {one.index: digest(one.facts or ()) for one in some})
        rewrite(Path(path), text.encode())
    named = {verdict.judged for record in records(folder).records.values() for verdict in record.decision.criteria}
    write_kept(folder, {key: one for key, one in kept.items() if key in named})


def _kept(folder: Path) -> dict[str, Kept]:
    """What is kept; nothing where that cannot be read, for it is written again."""
    try:
        return dict(read_kept(folder))
    except SourceError:
        return {}


def rewritten(record: Record, digests: dict[int, str]) -> str:
    """The text of a record in which the verdicts, by their index, were judged on facts that have these digests."""
    text = record.page.text
    places = sorted((_place(record, index), new) for index, new in digests.items())
    for (start, end, behind), new in reversed(places):
        text = f'{text[:start]}judged: "{new}"{behind}{text[end:]}'
    return text


def _place(record: Record, index: int) -> tuple[int, int, str]:
    """The offsets of what is replaced, and what stands behind what is put there."""
    text = SourceText(record.page.text, Location(record.page.path, 1, 1))
    path = ("criteria", index)
    if (*path, "judged") in record.locations:
        judged = record.locations[*path, "judged"]
        found = _JUDGED.match(text.content, text.offset(judged))
        if found is None:
            raise fault(judged, "cannot be rewritten as it is written: remove it, with its value")
        return *found.span(), ""
    note = record.locations[*path, "note"]
    start = text.offset(note)
    is_flow = text.content[text.offset(record.locations[path])] == "{"
    return start, start, ", " if is_flow else f"\n{' ' * (note.column - 1)}"
