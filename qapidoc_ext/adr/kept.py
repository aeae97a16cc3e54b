"""The facts that verdicts were judged on, kept beside the records: by digest, so that nobody can mix them up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from qapidoc_ext.adr.facts import digest
from qapidoc_ext.qmp.replace import rewrite
from qapidoc_ext.qmp.trial import Facts
from qapidoc_ext.source import Location, fault, read_bytes

FILE = "judged.json"
"""Its name, in the folder of the records. `adr judge --write` writes it."""


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Facts that a verdict rests on."""

    facts: Facts
    qemu: tuple[str, ...] = ()
    """The versions of the QEMUs that they were found with; none where they were computed."""


def read_kept(folder: Path) -> dict[str, Kept]:
    """The facts that are kept in a folder, by their digest; none where there is no file.

    :raise SourceError: the file is not as `adr judge --write` writes it.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    location = Location(path=str(path))
    try:
        kept = msgspec.json.decode(read_bytes(path), type=dict[str, Kept])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise fault(location, f"not the facts of verdicts: {error}; write it again with adr judge --write") from error
    for key, one in kept.items():
        if digest(one.facts) != key:
            raise fault(location, f"{key} is not the digest of its facts; write it again with adr judge --write")
    return kept


def write_kept(folder: Path, kept: Mapping[str, Kept]) -> None:
    """Keep these facts and no others.

    :raise SourceError: the file cannot be written.
    """
    content = msgspec.json.format(msgspec.json.encode(dict(sorted(kept.items()))), indent=1)
    rewrite(folder / FILE, content + b"\n")
