"""`python -m qapidoc_ext probe`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from qapidoc_ext.cli.inputs import FILE_HELP, QEMU_HELP, Qemu, introspection
from qapidoc_ext.introspect.explain import explain
from qapidoc_ext.introspect.probe import DeadEndError, QueryError, probe
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.source import read_stdin, read_text

HELP = "ask whether a QEMU has what libvirt's query strings name"
_FOUND = "found"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.usage = "%(prog)s [-h] [--explain] [--queries FILE] (INTROSPECTION | --qemu BINARY) [QUERY ...]"
    parser.add_argument("arguments", nargs="*", metavar="INTROSPECTION QUERY", help=f"INTROSPECTION: {FILE_HELP}")
    parser.add_argument("--qemu", type=Qemu, metavar="BINARY", help=f"in the place of INTROSPECTION: {QEMU_HELP}")
    parser.add_argument("--queries", type=Path, metavar="FILE", help="more queries, one a line; - is stdin")
    parser.add_argument(
        "--explain", action="store_true", help="say behind each answer but 'found' which step failed, and what is there"
    )


def act(options: argparse.Namespace) -> int:
    """0 where every query finds something, else 1; a line for each is on stdout.

    :raise SystemExit: there is no introspection, or no query.
    """
    queries = list(options.arguments)
    if not options.qemu and not queries:
        options.parser.error("needs INTROSPECTION, or --qemu BINARY")
    source = options.qemu or Path(queries.pop(0))
    queries += _lines(options.queries) if options.queries else []
    if not queries:
        options.parser.error("needs a query")
    return 0 if _answer(introspection(source), queries, is_explained=options.explain) else 1


def _lines(path: Path) -> list[str]:
    text = read_stdin() if str(path) == "-" else read_text(path)
    return [line for line in text.split("\n") if line]


def _answer(introspection: Introspection, queries: Iterable[str], *, is_explained: bool) -> bool:
    """Whether every query finds something, after a line for each."""
    are_found = True
    for query in queries:
        result = _result(introspection, query)
        reason = f"\t{explain(introspection, query)}" if is_explained and result != _FOUND else ""
        print(f"{query}\t{result}{reason}")
        are_found = are_found and result == _FOUND
    return are_found


def _result(introspection: Introspection, query: str) -> str:
    try:
        return _FOUND if probe(introspection, query) else "not-found"
    except DeadEndError:
        return "schema-error"
    except QueryError:
        return "query-error"
