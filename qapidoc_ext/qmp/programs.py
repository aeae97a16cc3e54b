"""Where QEMU's programs are."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

EMULATOR = "qemu-system-x86_64"
"""The emulator that runs an example that names no other one."""


STORAGE_DAEMON = "qemu-storage-daemon"
"""The program that has the block layer alone, without a guest."""


class ProgramError(Exception):
    """A program is not there. The message says where it was looked for and what to install."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """The programs of one build of QEMU."""

    folder: str = ""
    """The folder that holds them; "" takes each from PATH."""
    emulator: str = ""
    """The path of the program that is the emulator, whatever it is called; "" where it is found like the others."""

    def find(self, name: str) -> Path:
        """The absolute path of the program.

        :raise ProgramError: there is no such program.
        """
        found = self.there(name)
        if found is None and "/" in name:
            raise ProgramError(f"{name} is no program that can be started")
        if found is None:
            place = f"in the folder {self.folder}" if self.folder else "on PATH"
            raise ProgramError(
                f"{name} is not {place}: install it (Debian, Ubuntu: packages {_system(name)} and qemu-utils)"
                " or name the folder that holds it"
            )
        return found

    def there(self, name: str) -> Path | None:
        """The absolute path of the program; None where there is no such program."""
        found = shutil.which(self.emulator if self.emulator and name == EMULATOR else name, path=self.folder or None)
        return Path(found).absolute() if found else None


def _system(name: str) -> str:
    """The package of an emulator; that of :data:`EMULATOR` for what is none."""
    is_another = name.startswith("qemu-system-") and name not in {EMULATOR, "qemu-system-i386"}
    return "qemu-system" if is_another else "qemu-system-x86"


def programs_at(path: str) -> Programs:
    """The programs in a folder, or those around one of them, which is then the emulator unless it is another program.

    Such a one can be named as on PATH. All are those on PATH where the path is "", as in the configuration.

    :raise ProgramError: there is neither, or the folder has no program of QEMU.
    """
    if not path:
        return Programs()
    found = Path(path).absolute()
    if found.is_dir():
        if not any(shutil.which(program) for program in found.glob("qemu-*")):
            raise ProgramError(f"no program of QEMU is in the folder {path}")
        return Programs(folder=str(found))
    program = shutil.which(found) or shutil.which(path)
    if program is None:
        raise ProgramError(f"{path} is neither a program nor a folder of programs")
    found = Path(program).absolute()
    is_emulator = not found.name.startswith((STORAGE_DAEMON, "qemu-img", "qemu-nbd", "qemu-io"))
    return Programs(folder=str(found.parent), emulator=str(found) if is_emulator else "")
