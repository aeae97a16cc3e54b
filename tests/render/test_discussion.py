"""A discussion, as what is shown of it."""

from pathlib import Path

import pytest
from docutils import nodes
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.adr.discussion import PARTS, Discussion
from qapidoc_ext.adr.discussion_file import discussion
from qapidoc_ext.render.citation import Citation
from qapidoc_ext.render.discussion import arguments, of_stance, part, standing


@pytest.fixture(scope="module")
def lamps() -> Discussion:
    return discussion(Path(__file__).parent / "discussion.yaml")


@pytest.fixture
def citation(lamps: Discussion) -> Citation:
    return Citation(discussion=lamps, address="list.html")


@pytest.mark.parametrize("name", PARTS)
def test_a_part(name: str, lamps: Discussion, citation: Citation, file_regression: FileRegressionFixture) -> None:
    shown = part(name, "kinds", lambda _: True, lamps, citation)
    file_regression.check("".join(node.pformat() for node in shown), extension=".xml", encoding="utf-8")


def test_arguments(lamps: Discussion, citation: Citation, file_regression: FileRegressionFixture) -> None:
    [option] = lamps.options
    shown = [node for one in ("pro", "con") for node in arguments(of_stance(option.arguments, one), lamps, citation)]
    shown += standing(option.standing, citation)
    file_regression.check("".join(node.pformat() for node in shown), extension=".xml", encoding="utf-8")


def test_what_nobody_says_is_said(lamps: Discussion, citation: Citation) -> None:
    assert [node.astext() for node in arguments([], lamps, citation)] == ["Nobody says anything of this kind."]
    assert [node.astext() for node in standing([], citation)] == ["The last messages do not mention it."]


@pytest.mark.parametrize("name", ["corrections", "constraints", "ideas", "outcome", "questions", "checklist"])
def test_only_what_is_wanted_of_a_part_is_shown(name: str, lamps: Discussion, citation: Citation) -> None:
    first = min(lamps.ids(name))
    [shown] = part(name, "", first.__eq__, lamps, citation)
    [body] = shown.findall(nodes.tbody)
    assert [next(row.findall(nodes.entry)).astext() for row in body.children] == [first]


@pytest.mark.parametrize(("name", "argument"), [("table", "colours"), ("proverbs", "")])
def test_there_is_no_other_part_and_no_other_table(
    name: str, argument: str, lamps: Discussion, citation: Citation
) -> None:
    with pytest.raises(KeyError, match=argument or name):
        part(name, argument, lambda _: True, lamps, citation)
