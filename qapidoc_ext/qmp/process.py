"""A QEMU process, which ends before we do."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

STORAGE_DAEMON = "qemu-storage-daemon"
_ARGUMENTS = ("-machine", "none", "-nodefaults", "-display", "none", "-S")


@contextmanager
def running(program: Path, directory: Path, monitor: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    """A QEMU with this working directory, whose QMP monitor is this socket. Killed and waited for behind the block.

    It is killed too when the thread that calls this ends, where util-linux's `setpriv` is installed.

    :raise OSError: it cannot be started.
    """
    number = monitor.fileno()
    process = subprocess.Popen(  # noqa: S603 (the program is the one that the user named, without a shell)
        [
            *_ending_with_us(),
            str(program),
            *_arguments(program, f"socket,id=monitor,fd={number}"),
        ],
        cwd=directory,
        pass_fds=[number],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        kill(process)
        process.wait()
        if process.stderr:
            process.stderr.close()


def _arguments(program: Path, monitor: str) -> tuple[str, ...]:
    if program.name == STORAGE_DAEMON:
        return ("--chardev", monitor, "--monitor", "chardev=monitor")
    return (*_ARGUMENTS, "-chardev", monitor, "-qmp", "chardev:monitor")


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
    names = {number.value: number.name for number in signal.Signals}
    return f"was killed by {names.get(result.si_status, f'signal {result.si_status}')}"


@cache
def _ending_with_us() -> tuple[str, ...]:
    """What stands before a command so that the kernel kills it when we die, however we die."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return ()
    usage = subprocess.run([setpriv, "--help"], capture_output=True, check=False)  # noqa: S603 (found on PATH)
    return (setpriv, "--pdeathsig", "KILL", "--") if b"--pdeathsig" in usage.stdout else ()
