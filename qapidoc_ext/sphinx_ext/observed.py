"""What versions of QEMU have of the schemas: found out when a build begins, before the pages are read."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import msgspec
from sphinx.application import Sphinx

from qapidoc_ext import introspect
from qapidoc_ext.introspect.compare import undocumented
from qapidoc_ext.introspect.generate import Description
from qapidoc_ext.introspect.history import history
from qapidoc_ext.introspect.item import Item
from qapidoc_ext.introspect.observed import Asked, Observed, observed
from qapidoc_ext.introspect.presence import Presence, presence
from qapidoc_ext.introspect.recordings import PROGRAM, packed_recordings, recorded_versions, recordings
from qapidoc_ext.introspect.reply import Introspection, ReplyError
from qapidoc_ext.introspect.span import Span, spans
from qapidoc_ext.qmp.introspection import ask
from qapidoc_ext.qmp.machine import MachineError
from qapidoc_ext.qmp.modules import without_module
from qapidoc_ext.qmp.programs import ProgramError
from qapidoc_ext.qmp.replace import replace_file
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.render.transcript import qemu_name
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import SourceError, read_bytes
from qapidoc_ext.sphinx_ext.config import config_of, programs_of
from qapidoc_ext.sphinx_ext.report import logger, warn_missing, warn_not_kept

_History = dict[Item, tuple[Span, ...]]


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The history of a schema, as an earlier build found it."""

    made_from: str
    seen: list[tuple[Item, tuple[Span, ...]]]


def observe(app: Sphinx, reference: Reference) -> Observed:
    """What was observed of a namespace's schema. That its QEMU cannot be asked is one warning."""
    namespace, schema, description = reference.namespace, reference.schema, reference.description
    program = config_of(app.config).programs.get(namespace)
    if program is None:
        why = f"qapidoc_programs names no program that has the interface '{namespace}'."
        return observed(schema, (), {}, {}, why)
    if description is None:
        return observed(schema, (), {}, {}, "The schema has faults.")
    versions = recorded_versions() if program == PROGRAM else ()
    seen = _history(schema, app.doctreedir / f"qapidoc-history-{namespace}.json") if versions else {}
    try:
        asked, found = _ask(app, program, schema, description, seen)
    except (ProgramError, MachineError, ReplyError) as error:
        why = str(error).partition("\n")[0]
        warn_missing(f"the reference of '{namespace}' is not compared with a QEMU: {why}")
        return observed(schema, versions, seen, {}, why)
    return observed(schema, versions, seen, found, asked)


def _history(schema: Schema, path: Path) -> _History:
    """The versions that have each item: what an earlier build found, where nothing that it depends on has changed."""
    made_from = _made_from(schema)
    try:
        kept = msgspec.json.decode(read_bytes(path), type=_Kept)
        if kept.made_from == made_from:
            return dict(kept.seen)
    except (SourceError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # no earlier build, or what none has written
    logger.info("looking for the schema's definitions in the recordings...")
    versions = recorded_versions()
    seen = {item: spans(having, versions) for item, having in history(schema, recordings()).items()}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, msgspec.json.encode(_Kept(made_from=made_from, seen=list(seen.items()))))
    except OSError as error:
        warn_not_kept(path, "what the recordings have of the schema", error)
    return seen


def _made_from(schema: Schema) -> str:
    """A digest of the schema, the recordings, and the code that looks for the one in the other."""
    code = [path for folder in introspect.__path__ for path in sorted(Path(folder).glob("*.py"))]
    digest = sha256(schema.version.encode())
    for content in (
        *packed_recordings(),
        *map(read_bytes, code),
        *(_content(module.path) for module in schema.modules),
    ):
        digest.update(sha256(content).digest())
    return digest.hexdigest()


def _content(path: str) -> bytes:
    try:
        return read_bytes(Path(path))
    except SourceError:  # it was reported
        return b""


def _ask(
    app: Sphinx, program: str, schema: Schema, description: Description, seen: _History
) -> tuple[Asked, Mapping[Item, Presence]]:
    path = programs_of(app).find(program)
    qemu, introspection = ask(path)
    modules, missing = _modules(path, introspection, is_on_path=not config_of(app.config).qemu)
    asked = Asked(
        name=qemu_name(qemu), undocumented=undocumented(description.introspection, introspection), modules=modules
    )
    return asked, presence(schema, introspection, qemu.version, seen, missing)


def _modules(path: Path, introspection: Introspection, *, is_on_path: bool) -> tuple[str, frozenset[Item]]:
    """Why it was not checked what is in the schema only, or what is."""
    if not is_on_path:
        return "a QEMU beside the machine's own can load the machine's modules, and end by that.", frozenset()
    try:
        return "", without_module(path, introspection)
    except (MachineError, ValueError) as error:
        return f"{str(error).partition(chr(10))[0]}.", frozenset()
