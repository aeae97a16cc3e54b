"""`python -m qapidoc_ext adr judge`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from rich.console import Console

from qapidoc_ext.adr.ground import Place, scripts
from qapidoc_ext.adr.judged import write_judged
from qapidoc_ext.adr.judgement import Judgement, State, difference
from qapidoc_ext.adr.records import Records, records
from qapidoc_ext.cli import examples
from qapidoc_ext.qmp.outcome import Run
from qapidoc_ext.qmp.programs import programs_at
from qapidoc_ext.qmp.run import by_session, run_all
from qapidoc_ext.source import Finding, Location, SourceError, fault

HELP = "hold the verdicts of records against what their evidence finds out now"
_TO_JUDGE = {State.CHANGED, State.UNJUDGED}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.add_argument(
        "cell", nargs="*", help="a verdict, such as 5.C9 of record 5, or 5 for all of it (default: all)"
    )
    parser.add_argument("--folder", type=Path, default=Path("adr"), help="of the records (default: adr)")
    parser.add_argument("--qemu", default="", metavar="BINARY", help=examples.QEMU_HELP)
    parser.add_argument("--write", action="store_true", help="say in the records that these verdicts are judged")
    examples.add_rules(parser)


def judge(options: argparse.Namespace) -> int:
    """1 where a verdict has to be judged, and is not by this, else 0."""
    if options.write and os.environ.get("CI"):
        print(
            "adr judge --write says that somebody has judged, and with CI in the environment nobody has",
            file=sys.stderr,
        )
        return 1
    if not options.folder.is_dir():
        raise fault(Location(path=str(options.folder)), "no such folder")
    found = records(options.folder)
    chosen = [*_chosen(found.judgements(_runs(found, options)), options.cell, options.folder)]
    console = Console(highlight=False, soft_wrap=True)
    for one in chosen:
        for line in _said(one, is_named=bool(options.cell)):
            console.print(line, markup=False)
    if options.write:
        write_judged(options.folder, chosen)
        chosen = [one for one in chosen if not one.can_be_judged]
        left = {*_TO_JUDGE, State.NOT_EXECUTED} if options.cell else _TO_JUDGE
        return 1 if any(one.state in left for one in chosen) else 0
    return 1 if any(one.state in _TO_JUDGE for one in chosen) else 0


def _runs(found: Records, options: argparse.Namespace) -> dict[Place, Run]:
    """What the examples do that the verdicts rest on, each with those of its session, one page after the other."""
    programs = programs_at(options.qemu)
    named = {
        label
        for one in found.decisions
        for verdict in one.criteria
        if _is_chosen(f"{one.number}.{verdict.criterion}", options.cell)
        for label in verdict.evidence
    }
    every = scripts(found.pages)
    wanted = {id(script) for (_, label), script in every.items() if label in named}
    sessions = [
        session
        for page in dict.fromkeys(path for path, _ in every)
        for session in by_session([script for (path, _), script in every.items() if path == page])
        if any(id(script) in wanted for script in session)
    ]
    with Console(stderr=True).status("") as status:
        ran = run_all(
            sessions, programs, examples.rules(options), started=lambda one: status.update(f"{one.header.name} ...")
        )
    runs = {id(run.script): run for session in ran for run in session}
    return {place: runs[id(script)] for place, script in every.items() if id(script) in runs}


def _chosen(found: Iterable[Judgement], cells: Collection[str], folder: Path) -> Iterator[Judgement]:
    every = [*found]
    place = Location(path=str(folder))
    unknown = [cell for cell in cells if not any(_is_chosen(one.cell, [cell]) for one in every)]
    if unknown:
        message = "there is no verdict '{}'; one is written as in 5.C9"
        raise SourceError([Finding(location=place, message=message.format(cell)) for cell in unknown])
    yield from (one for one in every if _is_chosen(one.cell, cells))


def _is_chosen(cell: str, cells: Collection[str]) -> bool:
    """Whether a verdict is among those that the command line names; all are, where it names none."""
    return not cells or cell in cells or cell.partition(".")[0] in cells


def _said(one: Judgement, *, is_named: bool) -> Iterator[str]:
    verdict = one.verdict
    if one.state is State.ASSERTED and not is_named:
        return
    yield f"{one.cell}: {one.state.value}: {verdict.verdict.value}, {verdict.kind.value}: {verdict.note}"
    if one.state is State.CHANGED and one.before:
        yield from (f"    {line}" for line in difference(one))
    elif is_named or one.state in _TO_JUDGE:
        yield from (f"    {line}" for line in one.facts or ())
    for text in one.not_found:
        yield f"    no fact has '{text}' in it: it cannot be judged"
    for ground in one.grounds:
        if ground.missing:
            yield f"    {ground.name}: {ground.missing}"
        if ground.failed:
            yield f"    {ground.name} failed, and is no evidence:"
            yield from (f"        {line}" for line in ground.failed.splitlines())
