"""What an option of QEMU's command line can be, as its `help` lists that."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from qapidoc_ext.qmp.machine import MachineError

_LIST = re.compile(r"Available [a-z ]+:\n(?P<names>(?:[a-z][a-z0-9-]*\n)+)(?:\n.*)?", re.DOTALL)
_SECONDS = 10


def listed(program: Path, option: str) -> frozenset[str]:
    """The names that a program lists; none where it lists them in another form, as 5.2 does for `-audiodev`, or not.

    QEMU loads the module of each that has one: those that it does not find are not listed.

    :raise MachineError: it cannot be started, or does not end.
    """
    try:
        said = subprocess.run(  # noqa: S603 (the program is the one that the user named)
            [program, f"-{option}", "help"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=_SECONDS,
        )
    except OSError as error:
        raise MachineError(f"{program} -{option} help: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise MachineError(f"{program} -{option} help: it did not end within {_SECONDS} seconds") from error
    found = _LIST.fullmatch(said.stdout.decode(errors="replace"))
    return frozenset(found["names"].split()) if found else frozenset()
