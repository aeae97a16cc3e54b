"""The examples of this project, and the pages that show them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from qapidoc_ext.qmp.outcome import Passed, Skipped
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import run
from qapidoc_ext.qmp.script import parse_file

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.qmp"))
PAGES = sorted((ROOT / "docs" / "examples").glob("*.md"))
RECORDS = sorted((ROOT / "adr").glob("*.md"))

each_example = pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)


@pytest.mark.needs_a_version
@pytest.mark.usefixtures("nothing_is_left")
@each_example
def test_an_example_passes_where_qemu_has_what_it_requires(file: Path, programs: Programs) -> None:
    outcome = run(parse_file(file), programs).outcome
    if isinstance(outcome, Skipped) and not outcome.program_is_missing:
        pytest.skip(outcome.reason)
    assert outcome == Passed()


@each_example
def test_an_example_has_the_name_of_its_file(file: Path) -> None:
    header = parse_file(file).header
    assert header.name == file.stem
    assert header.title


def test_each_example_is_on_one_page_or_in_a_decision_record() -> None:
    shown = Counter(_shown(PAGES))
    assert set(shown.values()) == {1}
    assert shown.keys() | set(_shown(RECORDS)) == {file.stem for file in EXAMPLES}


def test_the_index_says_what_the_examples_say() -> None:
    on_pages = set(_shown(PAGES))
    assert sorted(_rows()) == sorted(_row(file) for file in EXAMPLES if file.stem in on_pages)


def _shown(pages: list[Path]) -> list[str]:
    """The names of the examples that the pages show."""
    return [name for page in pages for name in re.findall(r"^:file: .*/([\w-]+)\.qmp$", page.read_text(), re.MULTILINE)]


def _rows() -> Iterator[tuple[str, str, str]]:
    """Name, title and requirements of each example in the tables of the index."""
    index = (ROOT / "docs" / "examples" / "index.md").read_text()
    for title, name, requirements in re.findall(r"^\| \[(.*)\]\(#ex-(.*)\) \| .+ \| (.*) \|$", index, re.MULTILINE):
        yield name, title, requirements.replace("`", "").strip()


def _row(file: Path) -> tuple[str, str, str]:
    required = re.search(r"^:requires: (.*)$", file.read_text(), re.MULTILINE)
    return file.stem, parse_file(file).header.title, required[1] if required else ""
