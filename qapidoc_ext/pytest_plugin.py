"""The examples of .qmp files and documents as pytest's items: the same that a build runs.

Without configuration it collects the .qmp files below a folder `examples`, and those that the command line names.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, assert_never

import pytest

from qapidoc_ext.qmp.binary import Answers
from qapidoc_ext.qmp.documents import SUFFIXES, examples_in
from qapidoc_ext.qmp.machine import quoted
from qapidoc_ext.qmp.outcome import Failed, Passed, Run, Skipped
from qapidoc_ext.qmp.programs import ProgramError, programs_at
from qapidoc_ext.qmp.run import Rules, run_all
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.source import Finding, Location, SourceError

_NAMED = "qmp_examples"
_ANSWERS = pytest.StashKey[Answers]()
"""What QEMU's programs said of themselves: each is asked once, and not for each item."""
_SESSIONS = pytest.StashKey["dict[tuple[Path, str], _Session]"]()


class ExampleError(Exception):
    """An example has faults, or did not pass. `str()` says where and what."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say what can be configured."""
    parser.addini(
        _NAMED,
        "folders and files, relative to the root folder: .qmp, .md and .rst files are searched for examples of QMP",
        type="args",
        default=[],
    )
    group = parser.getgroup("qmp", "examples of QMP")
    group.addoption(
        "--qmp-qemu", default="", metavar="BINARY", help="a folder of QEMU's programs, or the emulator in it"
    )
    group.addoption("--qmp-no-host-steps", action="store_true", help="skip examples that have steps outside QEMU")
    group.addoption("--qmp-confined", action="store_true", help="fail where a QEMU cannot be fully confined")


def pytest_configure(config: pytest.Config) -> None:
    """Nothing, where the QEMU that is named is there, and the folders and files.

    :raise UsageError: one is not.
    """
    config.stash[_ANSWERS] = {}
    config.stash[_SESSIONS] = {}
    try:
        programs_at(config.getoption("qmp_qemu"))
    except ProgramError as error:
        raise pytest.UsageError(f"--qmp-qemu: {error}") from error
    for path in _named(config):
        if not path.is_dir() and not (path.is_file() and path.suffix in SUFFIXES):
            names = ", ".join(SUFFIXES)
            raise pytest.UsageError(f"{_NAMED}: {path} is neither a folder nor a file whose name ends in {names}")


def _named(config: pytest.Config) -> list[Path]:
    return [Path(os.path.normpath(config.rootpath / path)) for path in config.getini(_NAMED)]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ExampleFile | None:
    """The file, where it can have examples and is one of those to be searched."""
    if file_path.suffix in SUFFIXES and _is_wanted(file_path, parent.config):
        return ExampleFile.from_parent(parent, path=file_path)
    return None


def _is_wanted(path: Path, config: pytest.Config) -> bool:
    if any(named in {path, *path.parents} for named in _named(config)):
        return True
    if path.suffix != ".qmp":
        return False
    named = [Path(config.invocation_params.dir, str(argument).partition("::")[0]) for argument in config.args]
    return path in named or config.rootpath / "examples" in path.parents


class ExampleFile(pytest.File):
    """A file with examples in it."""

    def collect(self) -> Iterator[ExampleItem]:
        """Its examples. One that has no name is called by its line."""
        try:
            found = examples_in(self.path)
        except SourceError as error:
            raise self.CollectError(str(error)) from error
        for example in found:
            session = self._session(example, found) if isinstance(example, Script) else None
            item = ExampleItem.from_parent(self, name=_name(example), example=example, of=session)
            if session and len(session.scripts) > 1 and self.config.pluginmanager.hasplugin("xdist"):
                item.add_marker(pytest.mark.xdist_group(f"{session.place}::{session.name}"))
            yield item

    def _session(self, script: Script, found: Iterable[Script | SourceError]) -> _Session:
        """The session of an example: a document has its own, the .qmp files of a folder share theirs."""
        place = self.path.parent if self.path.suffix == ".qmp" else self.path
        name = script.header.session or str(script.location)
        sessions = self.config.stash[_SESSIONS]
        if (place, name) not in sessions:
            others = _in_folder(place) if script.header.session and place.is_dir() else found
            scripts = [other for other in others if isinstance(other, Script) and other.header.session == name]
            sessions[place, name] = _Session(place=place, name=name, scripts=scripts or [script])
        return sessions[place, name]


def _in_folder(folder: Path) -> Iterator[Script | SourceError]:
    return (example for path in sorted(folder.glob("*.qmp")) for example in examples_in(path))


def _name(example: Script | SourceError) -> str:
    if isinstance(example, Script):
        return example.header.name or f"line-{example.location.line}"
    return f"line-{example.findings[0].location.line}"


@dataclass(slots=True, kw_only=True)
class _Session:
    """Examples that run one after the other on the same machines, all of them when the first is asked for."""

    place: Path
    """Of the document, or the folder of the files."""
    name: str
    scripts: list[Script]
    runs: dict[Location, Run] = field(default_factory=dict)

    def run_of(self, script: Script, config: pytest.Config) -> Run:
        if not self.runs:
            programs = programs_at(config.getoption("qmp_qemu"))
            (runs,) = run_all([self.scripts], programs, _rules(config), answers=config.stash[_ANSWERS])
            self.runs = {run.script.location: run for run in runs}
        return self.runs[script.location]


class ExampleItem(pytest.Item):
    """An example, which passes, fails or is skipped as in a build."""

    def __init__(self, *, example: Script | SourceError, of: _Session | None, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._example = example
        self._session = of

    def runtest(self) -> None:
        """Nothing, where QEMU does what the example says.

        :raise ExampleError: it does not, or the example has faults.
        """
        if isinstance(self._example, SourceError):
            raise ExampleError(self._faults(self._example.findings))
        assert self._session
        run = self._session.run_of(self._example, self.config)
        qemus = [f"QEMU {qemu.version} ({qemu.package or qemu.program})" for qemu in run.qemus]
        self.user_properties += [("qemu", qemu) for qemu in dict.fromkeys(qemus)]
        match run.outcome:
            case Passed():
                pass
            case Skipped(reason=reason):
                pytest.skip(reason)
            case Failed(findings=findings, stderr=stderr):
                raise ExampleError("\n".join([self._faults(findings), *([quoted(stderr)] if stderr else [])]))
            case _:
                assert_never(run.outcome)

    def _faults(self, findings: Iterable[Finding]) -> str:
        """The faults, with paths as short as pytest shows them."""
        root = f"{self.config.invocation_params.dir}/"
        return "\n".join(str(finding).removeprefix(root) for finding in findings)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the example is; pytest counts lines from 0."""
        return self.path, self.line - 1, self.name

    @property
    def line(self) -> int:
        """In which the example begins, or has its first fault."""
        example = self._example
        location = example.location if isinstance(example, Script) else example.findings[0].location
        return max(location.line, 1)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *arguments: Any, **others: Any) -> Any:
        """What is wrong, without a traceback of ours."""
        if isinstance(excinfo.value, ExampleError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *arguments, **others)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skip is told at the place of the example."""
    report = yield
    if isinstance(item, ExampleItem) and report.skipped and isinstance(report.longrepr, tuple):
        report.longrepr = (str(item.path), item.line, report.longrepr[2])
    return report


def _rules(config: pytest.Config) -> Rules:
    return Rules(host_steps=not config.getoption("qmp_no_host_steps"), confined=bool(config.getoption("qmp_confined")))
