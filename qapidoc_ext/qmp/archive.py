"""Recordings that are kept with the documents: a folder for each version of QEMU, in it a file for each example."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from qapidoc_ext.introspect.recordings import version
from qapidoc_ext.qmp.recording import Recording, RecordingError, replay
from qapidoc_ext.qmp.replace import replace_file
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.source import Finding, Location, SourceError, fault, read_bytes

_PREFIX = "QEMU-"
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){2}", re.ASCII)
_CONFLICT = re.compile(rb"^(<{7}|={7}|>{7})", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A recording, and the file that holds it."""

    path: Path
    example: Path
    """What the file is called in the folder of its version: `examples/first-node.json`."""
    recording: Recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The recordings of a folder."""

    folder: Path
    kept: tuple[Kept, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What is wrong with files of the folder, which are not among the recordings."""
    _by_content: dict[str, Kept] = field(init=False)
    """Of several versions, the latest."""

    def __post_init__(self) -> None:
        ordered = sorted(self.kept, key=lambda kept: version(kept.recording.version))
        by_content: dict[str, Kept] = {}
        for kept in ordered:  # an example that some version lacks something for is shown as another did it
            earlier = by_content.get(kept.recording.content)
            if not kept.recording.skipped or earlier is None or earlier.recording.skipped:
                by_content[kept.recording.content] = kept
        object.__setattr__(self, "_by_content", by_content)

    @property
    def versions(self) -> list[str]:
        """The versions of QEMU that have recordings, the oldest first."""
        return sorted({kept.recording.version for kept in self.kept}, key=version)

    def find(self, content: str) -> Kept | None:
        """The recording of an example, by the digest of its content; of several, that of the latest QEMU."""
        return self._by_content.get(content)

    def by_version(self, content: str) -> dict[str, Recording]:
        """The recordings of an example, by the version of QEMU."""
        return {kept.recording.version: kept.recording for kept in self.kept if kept.recording.content == content}

    def outdated(self, script: Script) -> Kept | None:
        """The recording of what the example was before it was changed, None where there is none."""
        return next((kept for kept in self.kept if kept.example == self.address(script, "")), None)

    def unused(self, contents: Collection[str]) -> list[Kept]:
        """The recordings of none of the examples, whose digests these are."""
        return [kept for kept in self.kept if kept.recording.content not in contents]

    def address(self, script: Script, content: str) -> Path:
        """What the recording of an example is called in the folder of its version."""
        path = Path(os.path.relpath(script.location.path, self.folder.parent))
        path = Path(path.name) if ".." in path.parts else path
        own = script.header.name or content[:12]  # one file can be the example of several options
        name = path.with_name(own) if path.suffix == ".qmp" else path / own
        return name.with_name(f"{name.name}.json")

    def write(self, script: Script, recording: Recording) -> None:
        """Keep the recording, in the place of an earlier one of the same example and version.

        :raise OSError: it cannot be written.
        """
        folder = self.folder / f"{_PREFIX}{recording.version}"
        path = folder / self.address(script, recording.content)
        content = msgspec.json.format(msgspec.json.encode(recording), indent=2) + b"\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content)


def read_archive(folder: Path) -> Archive:
    """The recordings in a folder; none where there is no such folder. What cannot be read is among the findings."""
    kept: list[Kept] = []
    findings: list[Finding] = []
    for path in sorted(_files(folder, findings)):
        try:
            kept.append(_read(path, folder))
        except SourceError as error:
            findings += error.findings
    return Archive(folder=folder, kept=tuple(kept), findings=tuple(findings))


def _files(folder: Path, findings: list[Finding]) -> Iterator[Path]:
    """The files that may be recordings."""

    def tell(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            place = Location(path=error.filename)
            findings.append(Finding(location=place, message=f"cannot be read: {error.strerror}"))

    for path, folders, files in os.walk(folder, onerror=tell):
        if path == str(folder):
            folders[:] = [name for name in folders if name.startswith(_PREFIX)]
        else:
            yield from (Path(path, name) for name in files if name.endswith(".json"))


def _read(path: Path, folder: Path) -> Kept:
    name, *parts = path.relative_to(folder).parts
    recording = decode(read_bytes(path), path)
    if name != f"{_PREFIX}{recording.version}":
        raise fault(Location(path=str(path)), f"a recording of QEMU {recording.version} in the folder {name}")
    return Kept(path=path, example=Path(*parts), recording=recording)


def decode(content: bytes, path: Path) -> Recording:
    """The recording that a file holds.

    :raise SourceError: it holds something else.
    """
    location = Location(path=str(path))
    try:
        recording = msgspec.json.decode(content, type=Recording)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        conflict = _CONFLICT.search(content)
        what = "it has git's conflict marks" if conflict else str(error)
        raise fault(location, f"not a recording: {what}; record it again") from error
    if not _VERSION.fullmatch(recording.version):
        raise fault(location, f"not a recording: '{recording.version}' is no version of QEMU")
    return recording


def fitting(archive: Archive, scripts: Mapping[str, Script]) -> Archive:
    """The archive without the recordings that are none of their example, which are among its findings.

    :param scripts: the examples, by the digests of their content.
    """
    kept: list[Kept] = []
    findings = [*archive.findings]
    for one in archive.kept:
        script = scripts.get(one.recording.content)
        if script and (why := _misfit(one.recording, script)):
            message = f"not a recording of {script.location}: {why}; remove it, or record again"
            findings.append(Finding(location=Location(path=str(one.path)), message=message))
        else:
            kept.append(one)
    return Archive(folder=archive.folder, kept=tuple(kept), findings=tuple(findings))


def _misfit(recording: Recording, script: Script) -> str:
    """Why it is none of the example; "" where it is one."""
    try:
        replay(script, recording)
    except RecordingError as error:
        return str(error)
    return ""
