"""What an option of QEMU's command line can be, as its `help` lists that."""

from __future__ import annotations

import os
import re
import select
import subprocess
from pathlib import Path
from time import monotonic

from qapidoc_ext.qmp.machine import MachineError
from qapidoc_ext.qmp.process import kill, signal_name

_LIST = re.compile(r"Available [a-z ]+:\n(?P<names>(?:[a-z][a-z0-9-]*\n)+)(?:\n.*)?", re.DOTALL)
_SECONDS = 10
_LONGEST = 100_000
"""How many bytes are read; QEMU's lists have some hundred. A program that says more does not end."""


def listed(program: Path, option: str) -> frozenset[str]:
    """The names that a program lists; none where it lists them in another form, as 5.2 does for `-audiodev`, or not.

    QEMU loads the module of each that has one: those that it does not find are not listed.

    :raise MachineError: it cannot be started, is killed, or does not end.
    """
    command = [str(program), f"-{option}", "help"]
    asked = " ".join(command)
    try:
        status, said = _ended(command)
    except (TimeoutError, subprocess.TimeoutExpired) as error:
        raise MachineError(f"{asked}: it did not end within {_SECONDS} seconds") from error
    except OSError as error:
        raise MachineError(f"{asked}: {error.strerror}") from error
    if status < 0:
        raise MachineError(f"{asked}: it was killed by {signal_name(-status)}")
    found = _LIST.fullmatch(said.decode(errors="replace")) if status == 0 else None
    return frozenset(found["names"].split()) if found else frozenset()


def _ended(command: list[str]) -> tuple[int, bytes]:
    """The status of a program and what it said. It is killed, with all that it has begun, where it does not end."""
    until = monotonic() + _SECONDS
    with subprocess.Popen(  # noqa: S603 (the program is the one that the user named)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            said = _read(process.stdout.fileno(), until) if process.stdout else b""
            return process.wait(max(0, until - monotonic())), said
        finally:
            kill(process)


def _read(pipe: int, until: float) -> bytes:
    """What comes before nobody can write more.

    :raise TimeoutError: it is not so by then.
    """
    said = b""
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    while len(said) < _LONGEST:
        if not poll.poll(1000 * max(0, until - monotonic())):
            raise TimeoutError
        part = os.read(pipe, _LONGEST)
        if not part:
            break
        said += part
    return said
