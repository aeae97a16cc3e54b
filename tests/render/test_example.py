"""What is said of an example in a comment."""

from pathlib import Path

from qapidoc_ext.qmp.doc_faults import JudgedExample, judged_examples
from qapidoc_ext.render.example import judged_example
from qapidoc_ext.schema.load import load


def judged(tmp_path: Path, *example: str) -> JudgedExample:
    path = tmp_path / "schema.json"
    lines = ["##", "# @a:", "#", "# Example:", "#", *(f"# {line}" for line in example), "##", "{ 'command': 'a' }"]
    path.write_text("\n".join(lines))
    [one] = judged_examples(load(path).schema)
    return one


def said(one: JudgedExample | None) -> list[str]:
    node = judged_example("Title", one)
    assert node.children[0].astext() == "Title"
    return [line for child in node.children[1:] for line in child.astext().split("\n") if line]


def test_one_that_fits(tmp_path: Path) -> None:
    assert said(judged(tmp_path, '-> { "execute": "a" }')) == ["fits the schema not executed"]


def test_one_with_a_fault_names_it_and_its_line(tmp_path: Path) -> None:
    assert said(judged(tmp_path, "Text.", '-> { "execute": "b" }')) == [
        "does not fit the schema not executed",
        "This example has a fault:",
        "line 2: $.execute: there is no command b; there is: a",
    ]


def test_many_faults_are_counted(tmp_path: Path) -> None:
    node = said(judged(tmp_path, *['-> { "execute": "a" '] * 7))
    assert node[1] == "This example has 7 faults:"
    assert node[2] == "line 1: not JSON: , or } is missing"
    assert node[-1] == "and 2 more"
    assert len(node) == 8


def test_one_that_cannot_be_checked_says_no_more_than_that(tmp_path: Path) -> None:
    assert said(judged(tmp_path, "$ ls")) == ["This build did not execute it."]
    assert said(None) == ["This build did not execute it."]
