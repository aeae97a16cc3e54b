"""`python -m qapidoc_ext diff`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from qapidoc_ext.cli.inputs import FILE_HELP, QEMU_HELP, Qemu, introspections
from qapidoc_ext.introspect.change import Change
from qapidoc_ext.introspect.compare import compare

HELP = "say what a client notices when a QEMU takes the place of another"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.usage = "%(prog)s [-h] [--json] [--fail-on breaking] (OLD | --qemu BINARY) (NEW | --qemu BINARY)"
    parser.add_argument(
        "inputs",
        nargs="*",
        action="extend",
        default=[],
        type=Path,
        metavar="OLD NEW",
        help=f"each is {FILE_HELP}; two schemas are compared whatever their conditions",
    )
    parser.add_argument(
        "--qemu",
        action="append",
        dest="inputs",
        type=Qemu,
        metavar="BINARY",
        help=f"in the place of OLD or NEW: {QEMU_HELP}",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON array instead of lines")
    parser.add_argument("--fail-on", choices=["breaking"], help="exit with status 1 where a change is breaking")


def act(options: argparse.Namespace) -> int:
    """1 where a change is breaking and that is to be so, else 0; the changes are on stdout.

    :raise SystemExit: there are not two inputs.
    """
    if len(options.inputs) != 2:  # noqa: PLR2004 - OLD and NEW
        options.parser.error("needs OLD and NEW, each a file or --qemu BINARY")
    changes = compare(*introspections(options.inputs))
    if options.json:
        print(json.dumps([_json(change) for change in changes], indent=2))
    else:
        print(*changes, sep="\n", end="\n" if changes else "")
    return 1 if options.fail_on and any(change.is_breaking for change in changes) else 0


def _json(change: Change) -> dict[str, Any]:
    return {
        "path": change.path,
        **({"in-replies": change.in_replies} if change.in_replies else {}),
        "subject": change.subject.value,
        "action": change.action.value,
        **({"detail": change.detail} if change.detail else {}),
        "requests": change.requests and change.requests.value,
        "replies": change.replies and change.replies.value,
    }
