"""What versions of QEMU have of the schemas: found out when a build begins, before the pages are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from sphinx.application import Sphinx

from qapidoc_ext.introspect.compare import undocumented
from qapidoc_ext.introspect.generate import Description
from qapidoc_ext.introspect.item import Item
from qapidoc_ext.introspect.observed import Asked, Observed, observed
from qapidoc_ext.introspect.presence import Presence, presence
from qapidoc_ext.introspect.recordings import PROGRAM, recorded_versions
from qapidoc_ext.introspect.reply import Introspection, ReplyError
from qapidoc_ext.qmp.introspection import ask
from qapidoc_ext.qmp.machine import MachineError
from qapidoc_ext.qmp.modules import without_module
from qapidoc_ext.qmp.programs import ProgramError
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.render.transcript import qemu_name
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.sphinx_ext.config import config_of, programs_of
from qapidoc_ext.sphinx_ext.history import History, begin_history
from qapidoc_ext.sphinx_ext.report import warn_missing


def begin_to_observe(app: Sphinx, reference: Reference) -> Callable[[], Observed]:
    """Have it found out what there is to observe of a namespace's schema. Returns what waits for it."""
    namespace, schema, description = reference.namespace, reference.schema, reference.description
    program = config_of(app.config).programs.get(namespace)
    if program is None:
        why = f"qapidoc_programs names no program that has the interface '{namespace}'."
        return partial(observed, schema, (), {}, {}, why)
    if description is None:
        return partial(observed, schema, (), {}, {}, "The schema has faults.")
    history = begin_history(app, schema, namespace) if program == PROGRAM and recorded_versions() else None
    return lambda: _observe(app, program, reference, description, history)


def _observe(
    app: Sphinx, program: str, reference: Reference, description: Description, history: Callable[[], History] | None
) -> Observed:
    """What was observed. That its QEMU cannot be asked is one warning."""
    schema = reference.schema
    versions, seen = (recorded_versions(), history()) if history else ((), {})
    try:
        asked, found = _ask(app, program, schema, description, seen)
    except (ProgramError, MachineError, ReplyError) as error:
        why = str(error).partition("\n")[0]
        warn_missing(f"the reference of '{reference.namespace}' is not compared with a QEMU: {why}")
        return observed(schema, versions, seen, {}, why)
    return observed(schema, versions, seen, found, asked)


def _ask(
    app: Sphinx, program: str, schema: Schema, description: Description, seen: History
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
