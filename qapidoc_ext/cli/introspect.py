"""`python -m qapidoc_ext introspect`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from qapidoc_ext.cli.inputs import FILE_HELP, QEMU_HELP, Qemu, introspection
from qapidoc_ext.introspect.configuration import configuration
from qapidoc_ext.introspect.generate import configured, describe
from qapidoc_ext.introspect.reply import encode
from qapidoc_ext.schema.closest import hint
from qapidoc_ext.schema.condition import symbols
from qapidoc_ext.schema.load import load_faultless

HELP = "print what a QEMU that is built from a schema returns to query-qmp-schema"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.add_argument("schema", type=Path, help="the schema's first file, such as qapi/qapi-schema.json")
    parser.add_argument(
        "--define",
        action="append",
        type=_symbol,
        default=[],
        metavar="SYMBOL",
        help="a symbol that the build defines, such as CONFIG_LINUX; it can be given more than once",
    )
    like = parser.add_mutually_exclusive_group()
    like.add_argument(
        "--like",
        type=Path,
        metavar="REPLY",
        help=f"define what this was built with, as far as it shows it: {FILE_HELP}",
    )
    like.add_argument("--like-qemu", type=Qemu, dest="like", metavar="BINARY", help=f"as --like, but {QEMU_HELP}")


def _symbol(text: str) -> str:
    if not text.isidentifier() or not text.isascii():
        raise argparse.ArgumentTypeError(f"{text!r} is not a symbol, such as CONFIG_LINUX")
    return text


def act(options: argparse.Namespace) -> int:
    """0; the array is on stdout.

    :raise SourceError: the schema has faults, or the reply cannot be read.
    :raise ReplyError: with these symbols, the schema refers to a type that it does not define.
    """
    description = describe(load_faultless(options.schema))
    told = configuration(description, introspection(options.like)) if options.like else {}
    defined = told | dict.fromkeys(options.define, True)
    used = frozenset[str]().union(*map(symbols, description.conditions.values()))
    for name in sorted(set(options.define) - used):
        print(f"no condition in the schema has {name}{hint(name, used)}", file=sys.stderr)
    if options.like and (unknown := used - defined.keys()):
        print("taken as not defined, since nothing shows it: " + ", ".join(sorted(unknown)), file=sys.stderr)
    array = encode(configured(description, lambda name: defined.get(name, False)))
    print(json.dumps(array, indent=2))
    return 0
