"""A QEMU process, which ends before we do."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from qapidoc_ext.qmp.confinement import Confinement
from qapidoc_ext.qmp.programs import STORAGE_DAEMON

SANDBOX = ("-sandbox", "on,spawn=deny,resourcecontrol=deny")
"""No programs, no threads with other priorities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How a machine is started."""

    program: Path
    confinement: Confinement
    type: str = ""
    """The machine type of an emulator; "" is `none`."""
    incoming: bool = False
    """Whether it waits for a migration."""
    kvm: bool = False

    @property
    def is_emulator(self) -> bool:
        """Whether it is an emulator, and not the storage daemon, which has no guest and no sandbox of its own."""
        return not is_storage_daemon(self.program)

    def command(self, monitor: int) -> tuple[str, ...]:
        """The command line; the monitor's socket is this descriptor."""
        chardev = f"socket,id=monitor,fd={monitor}"
        program = (*self.confinement.prefix, str(self.program))
        if not self.is_emulator:
            return (*program, "--chardev", chardev, "--monitor", "chardev=monitor")
        return (
            *program,
            *("-machine", self.type or "none"),
            *(("-accel", "kvm" if self.kvm else "tcg") if self.type or self.kvm else ()),
            *("-nodefaults", "-display", "none", "-S"),
            *(("-incoming", "defer") if self.incoming else ()),
            *(SANDBOX if self.confinement.sandbox else ()),
            *("-chardev", chardev, "-qmp", "chardev:monitor"),
        )


def is_storage_daemon(program: Path) -> bool:
    """Whether the program is QEMU's storage daemon, by its name."""
    return program.name.startswith(STORAGE_DAEMON)


@contextmanager
def running(launch: Launch, directory: Path) -> Iterator[tuple[subprocess.Popen[bytes], socket.socket]]:
    """A QEMU with this working directory, and its QMP monitor. It is killed and waited for behind the block.

    It is killed too when the thread that calls this ends, where it is so confined.

    :raise OSError: it cannot be started.
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = subprocess.Popen(  # noqa: S603 (the program is the one that the user named, without a shell)
            launch.command(theirs.fileno()),
            cwd=directory,
            env={**os.environ, "TMPDIR": "."},  # ours may be closed to QEMU's user
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            theirs.close()
            yield process, ours
        finally:
            kill(process)
            process.wait()
            if process.stderr:
                process.stderr.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kills the process and everything in its session; nothing once it has ended and was waited for."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def ending(process: subprocess.Popen[bytes]) -> str:
    """How the process has ended: `exited with status 1`, `was killed by SIGSEGV`; "" while it runs.

    The process is not waited for: its number stays its own, so that :func:`kill` reaches nobody else.
    """
    result = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if result is None:
        return ""
    if result.si_code == os.CLD_EXITED:
        return f"exited with status {result.si_status}"
    return f"was killed by {signal_name(result.si_status)}"


def signal_name(number: int) -> str:
    """`SIGSEGV`; `signal 35` for one that has no name."""
    names = {one.value: one.name for one in signal.Signals}
    return names.get(number, f"signal {number}")
