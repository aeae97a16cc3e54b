"""`python -m qapidoc_ext try`."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from qapidoc_ext.cli import examples
from qapidoc_ext.qmp.machine import MachineError
from qapidoc_ext.qmp.programs import EMULATOR, programs_at
from qapidoc_ext.qmp.serving import Served, serve
from qapidoc_ext.qmp.shim.options import OPTIONS, make_of

HELP = "give a QEMU the interface of a design option, for a client of your own"

_OPTION_HELP = (
    f"one of {', '.join(OPTIONS)}; 2 and 6 are the first of their variants, OPTION+DRIVER is OPTION where this driver "
    "has become dynamic too"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.add_argument("option", type=_option, metavar="OPTION", help=_OPTION_HELP)
    parser.add_argument("--qemu", default="", metavar="BINARY", help=examples.QEMU_HELP)
    parser.add_argument(
        "--monitor", type=Path, metavar="SOCKET", help="the QMP socket of a QEMU that runs; else one is started"
    )
    parser.add_argument(
        "--socket", type=Path, metavar="PATH", help="where the client connects; else it is in a temporary directory"
    )


def act(options: argparse.Namespace) -> int:
    """0, when the client or QEMU has gone."""
    qemu = options.monitor or programs_at(options.qemu).find(EMULATOR)
    serve(
        options.option,
        qemu,
        is_running=bool(options.monitor),
        address=options.socket,
        ready=lambda served: _print(_said(options.option, served)),
    )
    return 0


def _option(text: str) -> str:
    """The name of an option; where it has variants, what they have in common stands for the first."""
    variants = [name for name in OPTIONS if name.startswith(f"{text}-")]
    name = variants[0] if variants else text
    try:
        make_of(name)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return name


def _print(text: str) -> None:
    try:
        print(text, flush=True)
    except OSError as error:  # it is not QEMU's, as others are meanwhile
        raise MachineError(f"the output cannot be written: {error.strerror}") from error


def _said(option: str, served: Served) -> str:
    interface = OPTIONS[option.partition("+")[0]]
    lines = [f"A QEMU with the interface of option {option}: {interface.title}."]
    if interface.ours:
        lines.append(f"In it, the discussion leaves open, and we chose: {'; '.join(interface.ours)}.")
    lines.append("It serves one client, and ends with it. Connect from another terminal:")
    shell = Path(sys.executable).parent / "qmp-shell"
    lines.append(f"\n    {shlex.join([str(shell), str(served.socket)])}\n")
    if served.folder:
        lines.append(f"Files that requests name are in {served.folder}, which is removed afterwards.")
    return "\n".join([*lines, "Ctrl-C ends it."])
