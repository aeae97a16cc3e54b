"""Which recorded versions have what of a schema: found once, and kept for the next build."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

import msgspec
from sphinx.application import Sphinx

from qapidoc_ext import introspect
from qapidoc_ext.introspect.history import history
from qapidoc_ext.introspect.item import Item
from qapidoc_ext.introspect.recordings import packed_recordings, recorded_versions, recording
from qapidoc_ext.introspect.span import Span, spans
from qapidoc_ext.qmp.replace import replace_file
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import SourceError, read_bytes
from qapidoc_ext.sphinx_ext.beside import beside, shares
from qapidoc_ext.sphinx_ext.report import logger, warn_not_kept

History = dict[Item, tuple[Span, ...]]
"""The versions that have each item."""


_FEWEST = 5
"""Versions that a process is begun for: to begin takes as long as to look into some three."""
_ENCODER = msgspec.json.Encoder()
_PART = msgspec.json.Decoder(list[tuple[tuple[str, ...], list[Item]]])


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    made_from: str
    seen: list[tuple[Item, tuple[Span, ...]]]


def begin_history(app: Sphinx, schema: Schema, namespace: str) -> Callable[[], History]:
    """Have the history of a schema found, if no earlier build has kept it. Returns what waits for it."""
    path = app.doctreedir / f"qapidoc-history-{namespace}.json"
    made_from = _made_from(schema)
    if (found := _kept(path, made_from)) is not None:
        return lambda: found
    logger.info("looking for the schema's definitions in the recordings...")
    versions = recorded_versions()
    count = max(_FEWEST, -(-len(versions) // (app.parallel or 1)))
    parts = [beside(app, partial(_part, schema, some)) for some in shares(versions, count)]
    return lambda: _keep(path, made_from, _merged(part() for part in parts))


def _kept(path: Path, made_from: str) -> History | None:
    try:
        kept = msgspec.json.decode(read_bytes(path), type=_Kept)
    except (SourceError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None  # no earlier build, or what none has written
    return dict(kept.seen) if kept.made_from == made_from else None


def _part(schema: Schema, versions: Sequence[str]) -> bytes:
    """What these versions have: encoded, which takes less time than to pickle thousands of items."""
    items: dict[tuple[str, ...], list[Item]] = {}
    for item, having in history(schema, {version: recording(version) for version in versions}).items():
        items.setdefault(having, []).append(item)
    return _ENCODER.encode(list(items.items()))


def _merged(parts: Iterable[bytes]) -> History:
    """Of parts that follow each other."""
    found: dict[Item, tuple[str, ...]] = {}
    for part in parts:
        for having, items in _PART.decode(part):
            found |= {item: found.get(item, ()) + having for item in items}
    told = {having: spans(having, recorded_versions()) for having in set(found.values())}
    return {item: told[having] for item, having in found.items()}


def _keep(path: Path, made_from: str, found: History) -> History:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, _ENCODER.encode(_Kept(made_from=made_from, seen=list(found.items()))))
    except OSError as error:
        warn_not_kept(path, "what the recordings have of the schema", error)
    return found


def _made_from(schema: Schema) -> str:
    """A digest of the schema, the recordings, and the code that looks for the one in the other."""
    code = [path for folder in introspect.__path__ for path in sorted(Path(folder).glob("*.py"))]
    digest = sha256(schema.version.encode())
    for content in (
        *packed_recordings(),
        *map(read_bytes, code),
        *(_read(module.path) for module in schema.modules),
    ):
        digest.update(sha256(content).digest())
    return digest.hexdigest()


def _read(path: str) -> bytes:
    try:
        return read_bytes(Path(path))
    except SourceError:  # it was reported
        return b""
