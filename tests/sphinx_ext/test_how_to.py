"""The guide that compares options, from an empty folder on: its files are written, its commands run, in order.

The guide for projects of one's own names all pages.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from qapidoc_ext.sphinx_ext.config_check import TAKEN

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
GUIDE = GUIDES / "compare-options.md"


def steps() -> Iterator[tuple[str, str]]:
    """The name of each file with its content; "" and the content for what is typed into a terminal."""
    for token in MarkdownIt("commonmark").parse(GUIDE.read_text(encoding="utf-8")):
        if token.type == "fence" and token.info.startswith("{code-block}"):
            caption, _, content = token.content.partition("\n")
            yield caption.removeprefix(":caption: "), content
        elif token.type == "fence" and token.info == "console":
            yield "", token.content


def commands(content: str) -> Iterator[tuple[list[str], str]]:
    """Each command, and what the guide says that it prints."""
    for part in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        words = [word or other for word, other in re.findall(r'"([^"]*)"|(\S+)', line)]
        assert words[0] == "python"
        yield [sys.executable, *words[1:]], output


def is_like(said: str, expected: str) -> bool:
    """Whether the output is the expected one; `...` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in expected.rstrip("\n").split("..."))
    return re.fullmatch(pattern, said.rstrip("\n"), re.DOTALL) is not None


def test_the_guide_does_what_it_says(tmp_path: Path, emulator: Path) -> None:
    environment = {**os.environ, "PATH": f"{emulator.parent}:{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "500"}
    environment.pop("CI", None)
    for name, content in steps():
        if name:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
        for command, expected in commands(content) if not name else ():
            done = subprocess.run(
                command,
                cwd=tmp_path,
                env=environment,
                check=False,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            assert is_like(done.stdout, expected), f"{command}\n{done.stdout}"
    page = (tmp_path / "html" / "adr" / "index.html").read_text(encoding="utf-8")
    assert page.count("comparison-is-stands") == 4
    assert "○ open" in page
    assert "+ new" in (tmp_path / "html" / "adr" / "reference.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("said", "is_right"), [("a\nx\nb\n", True), ("a\nb", True), ("a\nx\nc", False), ("y a\nb", False)]
)
def test_the_comparison_of_outputs_can_fail(said: str, is_right: bool) -> None:  # noqa: FBT001 - a value of the table
    assert is_like(said, "a\n...b\n") is is_right


def test_the_guide_for_projects_names_every_page_that_a_namespace_has() -> None:
    text = (GUIDES / "own-project.md").read_text(encoding="utf-8")
    table = text.partition("| Page | What it shows |")[2].partition("\n\n")[0]
    assert [name for name in TAKEN if not re.search(f"`{name}[/`]", table)] == []
