"""`python -m qapidoc_ext since`."""

from __future__ import annotations

import argparse
from pathlib import Path

from qapidoc_ext.introspect.history import history
from qapidoc_ext.introspect.recordings import PROGRAM, recordings
from qapidoc_ext.introspect.since import disagreements
from qapidoc_ext.schema.condition import text
from qapidoc_ext.schema.load import load_faultless
from qapidoc_ext.schema.model import Command, Event, Schema
from qapidoc_ext.source import Location, fault

HELP = "say where a schema's documentation has another first version than the introspections of QEMU's versions show"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.add_argument("schema", type=Path, help="the schema's first file, such as qapi/qapi-schema.json")
    parser.add_argument("--all", action="store_true", help="print for everything the versions that have it instead")


def act(options: argparse.Namespace) -> int:
    """0; the table is on stdout, its columns separated by tabs.

    :raise SourceError: the schema has faults, or is of another program than the one whose introspections there are.
    """
    schema = load_faultless(options.schema)
    if not any(one.entities.keys() & _on_the_wire(schema) for one in recordings().values()):
        message = f"none of its commands and events is in the introspections, which are of {PROGRAM}"
        raise fault(Location(path=str(options.schema)), message)
    if options.all:
        _print_history(schema)
    else:
        _print_disagreements(schema)
    return 0


def _on_the_wire(schema: Schema) -> set[str]:
    """The names that introspections have."""
    return {name for name, one in schema.definitions.items() if isinstance(one, Command | Event)}


def _print_history(schema: Schema) -> None:
    print("name", "versions", sep="\t")
    for item, versions in history(schema, recordings()).items():
        print(item, " ".join(versions), sep="\t")


def _print_disagreements(schema: Schema) -> None:
    print("name", "documented", "observed", "condition", sep="\t")
    for found in disagreements(schema, recordings()):
        condition = text(found.condition) if found.condition else ""
        print(found.item, found.documented, found.observed or "never", condition, sep="\t")
