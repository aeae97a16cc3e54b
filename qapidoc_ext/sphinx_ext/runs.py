"""What the examples of all documents do: some run, in the main process, and of others it is known already."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import assert_never

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.display import status_iterator

from qapidoc_ext.qmp.archive import Archive, fitting, read_archive
from qapidoc_ext.qmp.cache import Cache, read_cache, write_cache
from qapidoc_ext.qmp.digest import Environment
from qapidoc_ext.qmp.known import (
    Example,
    examples,
    from_archive,
    no_recording,
    recorded_as_skipped,
    to_cache,
    unchanged,
    write,
)
from qapidoc_ext.qmp.outcome import Failed, Run, Skipped
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import Rules, Session, by_session, run_all
from qapidoc_ext.qmp.script import Script, repeated_names
from qapidoc_ext.source import SourceError
from qapidoc_ext.sphinx_ext.allowed import checked
from qapidoc_ext.sphinx_ext.config import Mode, config_of, is_generated, programs_of
from qapidoc_ext.sphinx_ext.domain import Unreadable, qapi_domain
from qapidoc_ext.sphinx_ext.report import Subject, logger, report_faults, warn_missing, warn_not_kept, warn_recording
from qapidoc_ext.sphinx_ext.stale import run_digests, stale_pages

CACHE = "qmp-runs.json"
"""What the file with the results of the last build is called, beside Sphinx's own."""


def run_examples(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Find out what the examples of all documents do. Gives the documents to be written again."""
    domain = qapi_domain(env)
    scripts = {docname: _readable(app, examples) for docname, examples in domain.examples.items()}
    sessions = [session for page in scripts.values() for session in by_session(page)]
    runs = checked(app, _runs(app, sessions))
    domain.runs = {
        docname: [None if isinstance(example, Unreadable) else runs[id(example)] for example in examples]
        for docname, examples in domain.examples.items()
    }
    domain.ran = run_digests(domain)
    _report(app, list(runs.values()))
    return stale_pages(app, "examples", domain.ran)


def _readable(app: Sphinx, examples: Iterable[Script | Unreadable]) -> list[Script]:
    """The examples of a page that can be read; what is wrong with the page is reported."""
    scripts: list[Script] = []
    for example in examples:
        if isinstance(example, Unreadable):
            report_faults(app, example.findings, Subject.EXAMPLE)
        else:
            scripts.append(example)
    report_faults(app, repeated_names(scripts), Subject.EXAMPLE)
    return scripts


def _runs(app: Sphinx, sessions: Sequence[Session]) -> dict[int, Run]:
    """What each example does, by the identity of its script."""
    config = config_of(app.config)
    mode = Mode(config.record)
    programs = programs_of(app)
    rules = Rules(host_steps=config.host_steps, confined=config.confined)
    environment = Environment(programs, rules)
    found = [examples(session, environment) for session in sessions]
    every = [example for session in found for example in session]
    match mode:
        case Mode.OFF:
            return _run(app, sessions, programs, rules)
        case Mode.REPLAY:
            runs = {id(example.script): _left_out(example.script) for example in every}
        case Mode.RECORD:
            runs = _run(app, sessions, programs, rules)
            _keep(app, every, runs)
            _record(app, every, runs)
        case Mode.AUTO:
            runs = unchanged(found, _cache(app))
            changed = [session for session in sessions if any(id(script) not in runs for script in session)]
            if changed:
                runs |= _run(app, changed, programs, rules)
                _keep(app, every, runs)
        case _:
            assert_never(mode)
    return _with_recordings(app, every, runs) if config.recordings else runs


def _run(app: Sphinx, sessions: Sequence[Session], programs: Programs, rules: Rules) -> dict[int, Run]:
    if not sessions:
        return {}
    begun: deque[Script] = deque()
    progress = status_iterator(
        iter(begun.popleft, None), "running examples... ", "green", len(sessions), app.verbosity, stringify_func=_said
    )

    def started(script: Script) -> None:
        begun.append(script)
        next(progress)

    return {id(run.script): run for session in run_all(sessions, programs, rules, started=started) for run in session}


def _said(script: Script) -> str:
    return f"{script.location.path} {script.header.name}".rstrip()


def _left_out(script: Script) -> Run:
    return Run(script=script, qemus=(), exchanges=(), outcome=Skipped(reason="this build runs no example"))


def _cache(app: Sphinx) -> Cache:
    """What an earlier build has kept, nothing with `--fresh-env`."""
    path = app.doctreedir / CACHE
    if app.fresh_env_used:
        return {}
    try:
        return read_cache(path)
    except SourceError as error:
        logger.info("%s", error)
        return {}


def _keep(app: Sphinx, every: Sequence[Example], runs: dict[int, Run]) -> None:
    path = app.doctreedir / CACHE
    try:
        write_cache(path, to_cache(every, runs))
    except OSError as error:
        warn_not_kept(path, "what the examples did", error)


def _record(app: Sphinx, every: Sequence[Example], runs: dict[int, Run]) -> None:
    folder = _folder(app)
    try:
        report_faults(app, write(Archive(folder=folder), every, runs), Subject.RECORDING)
    except OSError as error:
        warn_recording(f"{error.filename or folder}: recordings cannot be written: {error.strerror}")


def _folder(app: Sphinx) -> Path:
    return app.confdir / config_of(app.config).recordings


def _with_recordings(app: Sphinx, every: Sequence[Example], runs: dict[int, Run]) -> dict[int, Run]:
    """The runs, where those that are recorded take the place of those that were skipped."""
    archive = fitting(read_archive(_folder(app)), {example.content: example.script for example in every})
    report_faults(app, archive.findings, Subject.RECORDING)
    shown = {**runs}
    for example in every:
        shown[id(example.script)] = run = from_archive(example, runs[id(example.script)], archive)
        is_ours = not _is_generated(app, example.script)
        if Mode(config_of(app.config).record) is Mode.REPLAY and not run.not_executed:
            if skipped := recorded_as_skipped(example, archive):
                shown[id(example.script)] = skipped
            elif is_ours:
                report_faults(app, [no_recording(example, archive)], Subject.RECORDING)
    for kept in archive.unused({example.content for example in every}):
        if not _is_left_out(app, kept.example):
            warn_recording(f"{kept.path}: a recording of no example, as they are now: remove it, or record again")
    return shown


def _is_left_out(app: Sphinx, example: Path) -> bool:
    """Whether it belongs to generated pages, of which this build has none: it has not their schema."""
    return is_generated(app.config, example.as_posix()) and not any(
        is_generated(app.config, name) for name in qapi_domain(app.env).examples
    )


def _is_generated(app: Sphinx, script: Script) -> bool:
    return Path(script.location.path).is_relative_to(app.srcdir / config_of(app.config).reference)


def _report(app: Sphinx, runs: Sequence[Run]) -> None:
    for run in runs:
        match run.outcome:
            case Failed(findings=findings) if _is_generated(app, run.script):  # whoever builds cannot correct it
                logger.info("%s: nothing found out: %s", run.script.location, findings[0])
            case Failed(findings=findings, stderr=stderr):
                report_faults(app, findings, Subject.EXAMPLE, stderr)
            case Skipped(reason=reason, program_is_missing=False):
                logger.info("%s: not executed: %s", run.script.location, reason)
            case _:
                pass
    if recorded := sum(1 for run in runs if run.not_executed):
        logger.info("examples: %d, shown as recorded: %d", len(runs), recorded)
    _warn_without_qemu(runs)


def _warn_without_qemu(runs: Sequence[Run]) -> None:
    skipped = [run.outcome for run in runs if isinstance(run.outcome, Skipped)]
    missing = [outcome.reason for outcome in skipped if outcome.program_is_missing]
    if missing:
        examples = "example is" if len(missing) == 1 else "examples are"
        warn_missing(f"{len(missing)} {examples} shown as not executed: {missing[0]}")
