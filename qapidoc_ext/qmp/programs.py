"""Where QEMU's programs are."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


class ProgramError(Exception):
    """A program is not there. The message says where it was looked for and what to install."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """The programs of one build of QEMU."""

    folder: str = ""
    """The folder that holds them; "" takes each from PATH."""

    def find(self, name: str) -> Path:
        """The absolute path of the program.

        :raise ProgramError: there is no such program.
        """
        found = shutil.which(name, path=self.folder or None)
        if found is None:
            place = f"in the folder {self.folder}" if self.folder else "on PATH"
            raise ProgramError(
                f"{name} is not {place}: install it (Debian, Ubuntu: packages qemu-system-x86 and qemu-utils)"
                " or name the folder that holds it"
            )
        return Path(found).absolute()
