"""What is known of examples without running them: from an earlier build, and from recordings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from qapidoc_ext.qmp.archive import Archive
from qapidoc_ext.qmp.cache import Cache, CachedRun
from qapidoc_ext.qmp.digest import Environment, content_digest
from qapidoc_ext.qmp.outcome import Run, Skipped
from qapidoc_ext.qmp.recording import NothingToRecordError, Recording, RecordingError, record, replay
from qapidoc_ext.qmp.run import Session
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.source import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An example, with the digests of what decides how it runs."""

    script: Script
    content: str
    environment: str


def examples(session: Session, environment: Environment) -> list[Example]:
    """The examples of a session."""
    digest = environment.digest(session)
    return [Example(script=script, content=content_digest(session, script), environment=digest) for script in session]


def unchanged(sessions: Iterable[Sequence[Example]], cache: Cache) -> dict[int, Run]:
    """What the examples of a session did in an earlier build, where all would do it again.

    :return: the runs by the identity of their scripts.
    """
    found: dict[int, Run] = {}
    for session in sessions:
        runs = [_cached(example, cache) for example in session]
        if all(runs):
            found.update({id(run.script): run for run in runs if run})
    return found


def _cached(example: Example, cache: Cache) -> Run | None:
    cached = cache.get(example.content)
    if cached is None or cached.environment != example.environment:
        return None
    try:
        return replay(example.script, cached.recording)
    except RecordingError:
        return None


def to_cache(found: Iterable[Example], runs: Mapping[int, Run]) -> Iterator[CachedRun]:
    """What the next build need not run again: neither what failed nor what this machine lacked something for."""
    for example in found:
        with suppress(RecordingError):
            yield CachedRun(environment=example.environment, recording=_recorded(example, runs))


def write(archive: Archive, found: Iterable[Example], runs: Mapping[int, Run]) -> list[Finding]:
    """Record what passed or lacked something. Returns what cannot be recorded.

    :raise OSError: a recording cannot be written.
    """
    findings = []
    for example in found:
        try:
            archive.write(example.script, _recorded(example, runs))
        except NothingToRecordError:
            pass
        except RecordingError as error:
            findings.append(Finding(location=example.script.location, message=f"cannot be recorded: {error}"))
    return findings


def _recorded(example: Example, runs: Mapping[int, Run]) -> Recording:
    return record(runs[id(example.script)], example.content, datetime.now(UTC).replace(microsecond=0))


def from_archive(example: Example, run: Run, archive: Archive) -> Run:
    """The run itself where a QEMU passed or failed, else the recording of one that passed, where there is one."""
    kept = archive.find(example.content)
    if not isinstance(run.outcome, Skipped) or kept is None or kept.recording.skipped:
        return run
    return replay(example.script, kept.recording, not_executed=run.outcome.reason)


def recorded_as_skipped(example: Example, archive: Archive) -> Run | None:
    """The example, skipped for the reason that its recording says; None where it has none, or one that passed."""
    kept = archive.find(example.content)
    return replay(example.script, kept.recording) if kept and kept.recording.skipped else None


def no_recording(example: Example, archive: Archive) -> Finding:
    """That an example has no recording, and why it may be so."""
    outdated = archive.outdated(example.script)
    why = f"the example has changed since {outdated.path} was recorded" if outdated else "the example has no recording"
    if not archive.folder.is_dir():
        why += f", and there is no folder {archive.folder}"
    return Finding(location=example.script.location, message=f"{why}: run it with qapidoc_record = 'record'")
