"""`python -m qapidoc_ext`: what the extension does in a build, by hand, and the questions that a client has."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING

from qapidoc_ext.cli import accept, adr, check, diff, introspect, probe, recordings, run, since, tryout
from qapidoc_ext.introspect.reply import ReplyError
from qapidoc_ext.qmp.machine import MachineError
from qapidoc_ext.qmp.programs import ProgramError
from qapidoc_ext.source import SourceError

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_PROGRAM = "python -m qapidoc_ext"
_ACTIONS = {
    "check": check,
    "introspect": introspect,
    "probe": probe,
    "diff": diff,
    "since": since,
    "run": run,
    "accept": accept,
    "recordings": recordings,
    "try": tryout,
    "adr": adr,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """What a command line asks for. Returns 0 where all is well, 1 where something is not, 130 where interrupted.

    :raise SystemExit: with 2, the command line is wrong; with 0, it asks for help.
    """
    # Python has no stream where the descriptor is closed.
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (open until we end)
    try:
        options = _options(sys.argv[1:] if arguments is None else list(arguments))
        if sys.stdout is None:
            print("the output cannot be written: it is closed", file=sys.stderr)
            return 1
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # an argument can be bytes that are no text
        status: int = options.act(options)
        sys.stdout.flush()
    except (SourceError, ReplyError, MachineError, ProgramError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has seen enough
        _discard_output()
        return 1
    except OSError as error:
        _discard_output()
        what = f"{error.filename}:" if error.filename else "the output cannot be written:"
        print(f"{what} {error.strerror}", file=sys.stderr)
        return 1
    return status


def _options(arguments: list[str]) -> argparse.Namespace:
    options, rest = _parser().parse_known_args(arguments)
    if not rest:
        return options
    # Of words with options between them argparse has taken just the first; of what nobody takes, this action tells.
    parser: argparse.ArgumentParser = options.parser
    words = parser.prog.removeprefix(_PROGRAM).split()
    if arguments[: len(words)] != words:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return argparse.Namespace(**vars(options) | vars(parser.parse_intermixed_args(arguments[len(words) :])))


def _discard_output() -> None:
    """What is still to be written would fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Prints it, where argparse's own does not tell that it cannot.

        :raise OSError: it cannot be written.
        """
        print(self.format_help(), end="", file=file or sys.stdout or sys.stderr)
        if sys.stdout:
            sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog=_PROGRAM, description=__doc__)
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    for name, module in _ACTIONS.items():
        action = actions.add_parser(name, help=module.HELP, description=f"{module.HELP[0].upper()}{module.HELP[1:]}.")
        module.add_arguments(action)
        action.set_defaults(act=module.act, parser=action)
    return parser
