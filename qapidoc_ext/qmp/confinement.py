"""What a QEMU that runs an example may do: as little as this machine can see to."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

UNPRIVILEGED = 65533
"""The number of the user and the group that QEMU gets where root runs this: systemd's list of numbers has it as unused,
and it is one that every container has."""

_SECONDS = 10
"""That a program which does nothing may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """What keeps a QEMU from doing harm. `str()` says it in words."""

    user: int
    """The number of the user that it runs as."""
    drops_root: bool
    """Whether that is not ours, because we are root."""
    ends_with_us: bool
    """Whether the kernel kills it when we are killed, and it can gain no rights by executing a program."""
    no_network: bool
    sandbox: bool
    """Whether it is in QEMU's own seccomp sandbox, in which it cannot start programs."""

    @property
    def owner(self) -> int | None:
        """The user whose files are its own; None where that is us."""
        return self.user if self.drops_root else None

    @property
    def prefix(self) -> tuple[str, ...]:
        """What stands before a command so that it is confined like this."""
        return (*(_without_network() if self.no_network else ()), *(_setpriv(self.owner) if self.ends_with_us else ()))

    def lacks(self, *, sandbox: bool) -> Iterator[str]:
        """What could not be seen to; `sandbox` says whether the program is one that has a sandbox."""
        if self.user == 0:
            yield "it runs as root"
        if not self.ends_with_us:
            yield "util-linux's setpriv is missing"
        if not self.no_network:
            yield "it has the network"
        if sandbox and not self.sandbox:
            yield "it was built without seccomp"

    def __str__(self) -> str:
        return ", ".join(
            [
                "as root" if self.user == 0 else f"as user {self.user}",
                "without network" if self.no_network else "with network",
                *(["in its seccomp sandbox"] if self.sandbox else []),
            ]
        )


@cache
def confinement_of(program: Path) -> Confinement:
    """How this machine can confine the program, apart from the sandbox, which only the program itself knows."""
    is_root = os.geteuid() == 0
    drops_root = is_root and bool(_setpriv(UNPRIVILEGED)) and _may_execute(program)
    user = UNPRIVILEGED if drops_root else os.geteuid()
    return Confinement(
        user=user,
        drops_root=drops_root,
        ends_with_us=bool(_setpriv(user if drops_root else None)),
        no_network=bool(_without_network()),
        sandbox=False,
    )


def may_use_kvm(confinement: Confinement) -> bool:
    """Whether a process with these rights can open `/dev/kvm`, which is more than that it is there."""
    return _succeeds(*confinement.prefix, "/bin/sh", "-c", ": <>/dev/kvm")


def _may_execute(program: Path) -> bool:
    return _succeeds(*_setpriv(UNPRIVILEGED), "test", "-r", str(program), "-a", "-x", str(program))


@cache
def _setpriv(user: int | None) -> tuple[str, ...]:
    """The kernel kills what follows when we die, however we die; with a user, it runs as that one."""
    identity = () if user is None else ("--reuid", str(user), "--regid", str(user), "--clear-groups")
    prefix = (shutil.which("setpriv") or "", "--pdeathsig", "KILL", "--no-new-privs", *identity, "--")
    return prefix if _succeeds(*prefix, "true") else ()


@cache
def _without_network() -> tuple[str, ...]:
    """A network of its own, which leads nowhere; who is not root needs a user namespace for that."""
    namespace = () if os.geteuid() == 0 else ("--user", "--map-current-user")
    prefix = (shutil.which("unshare") or "", *namespace, "--net", "--")
    return prefix if _succeeds(*prefix, "true") else ()


def _succeeds(*command: str) -> bool:
    try:
        result = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=_SECONDS)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0
