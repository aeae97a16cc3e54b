from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from qapidoc_ext.adr.dates import DatesError, Written, dates
from qapidoc_ext.adr.elsewhere import elsewhere
from qapidoc_ext.adr.export import as_atom
from qapidoc_ext.adr.front_matter_schema import schema
from qapidoc_ext.adr.new import NewError, new_record
from qapidoc_ext.adr.records import records
from qapidoc_ext.adr.relation import Kind, Relation, links
from qapidoc_ext.adr.sections import SECTIONS

ADR = Path(__file__).parents[2] / "adr"
HEAD = """\
---
number: {number}
title: Title
status: {status}
proposers: [Ann]
history:
- {{status: proposed, on: 2020-01-01, by: Ann, source: {{url: "https://example.org/"}}}}
{history}{more}unconfirmed: Nothing to run.
---

# Title

```{{decision}}
```

"""
BODY = "".join(f"## {name}\n\nText.\n\n" for name in SECTIONS)
LATER = '- {status: accepted, on: 2020-01-02, by: Ann, source: {url: "https://example.org/"}}\n'
GONE = LATER + '- {status: superseded, on: 2020-01-03, by: Ann, source: {url: "https://example.org/"}}\n'
VERDICT = "criteria: [{{criterion: C1, verdict: pass, kind: {kind}, note: Yes.{more}}}]\n"
TWICE = "that 2 and 1 are so related stands somewhere already; each relation is given once"
CRITERIA = "criteria: [{id: C1, text: It works., check: a look}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "adr"
    path.mkdir()
    return path


def write(folder: Path, number: int, more: str = "", **other: str) -> None:
    head = {"status": "proposed", "history": "", **other}
    text = HEAD.format(number=number, more=more, **head) + other.get("body", BODY)
    (folder / f"{number:04}-title.md").write_text(text)


def faults(folder: Path) -> list[str]:
    return [str(finding).removeprefix(f"{folder}/") for finding in records(folder).findings]


def test_our_own_records_have_no_fault_and_every_option_has_one() -> None:
    found = records(ADR)
    assert [str(finding) for finding in found.findings] == []
    assert {one.option for one in found.decisions} >= {1, 2, 3, 4, 5, 6}


def test_a_project_without_a_discussion_is_complete(folder: Path) -> None:
    write(folder, 1)
    assert faults(folder) == []


def test_a_relation_is_shown_from_both_sides(folder: Path) -> None:
    write(folder, 1, status="superseded", history=GONE)
    write(folder, 2, "relations: [{type: supersedes, to: 1}]\n")
    assert faults(folder) == []
    assert [(link.phrase, link.other) for link in records(folder).links(1)] == [("superseded by", 2)]
    assert [(link.phrase, link.other) for link in records(folder).links(2)] == [("supersedes", 1)]


def test_links_of_a_record_are_in_the_order_of_their_words_then_of_the_numbers() -> None:
    refined = [(number, Relation(type=Kind.REFINES, to=1)) for number in (3, 2)]
    found = links(1, [*refined, (1, Relation(type=Kind.DEPENDS_ON, to=4))])
    assert [(link.phrase, link.other) for link in found] == [("depends on", 4), ("refined by", 2), ("refined by", 3)]


def test_the_feed_has_the_last_change_first_also_of_those_of_one_day(folder: Path) -> None:
    write(folder, 1, status="accepted", history=LATER.replace("01-02", "01-01"))
    feed = as_atom(records(folder), {}, title="T", base="")
    assert re.findall("<title>0001 Title: (.*)</title>", feed) == ["accepted", "proposed"]


def test_relations_that_cannot_be(folder: Path) -> None:
    write(folder, 1, "relations: [{type: alternative-to, to: 2}, {type: refines, to: 1}, {type: refines, to: 9}]\n")
    write(folder, 2, "relations: [{type: alternative-to, to: 1}, {type: supersedes, to: 1}]\n")
    write(folder, 3, status="superseded", history=GONE)
    assert faults(folder) == [
        "0001-title.md:8:44: relations[1]: a record cannot be related to itself",
        "0001-title.md:8:68: relations[2]: there is no record 9",
        f"0002-title.md:8:13: relations[0]: {TWICE}",
        "0002-title.md:8:44: relations[1]: the status of 1 is proposed, not superseded",
        "0003-title.md:4:1: status: superseded, but no record says that it supersedes this",
    ]


def test_two_records_with_one_number(folder: Path) -> None:
    write(folder, 1)
    (folder / "0001-z.md").write_text((folder / "0001-title.md").read_text())
    assert faults(folder) == [f"0001-z.md:2:1: number: {folder}/0001-title.md has 1 too"]


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (VERDICT.format(kind="asserted", more=""), []),
        (VERDICT.format(kind="live", more=""), ["0001-title.md:8:12: criteria[0]: live without evidence;"]),
        (
            VERDICT.format(kind="live", more=", evidence: [x]"),
            ["0001-title.md:8:78: criteria[0].evidence[0]: no page shows anything with the name 'x'"],
        ),
        (
            VERDICT.format(kind="asserted", more=", evidence: [x]"),
            ["0001-title.md:8:71: criteria[0].evidence: what has evidence is not only asserted"],
        ),
        (
            VERDICT.format(kind="asserted", more="").replace("C1", "C2"),
            ["0001-title.md:8:13: criteria[0].criterion: there is no criterion C2"],
        ),
        (
            VERDICT.format(kind="asserted", more=", source: {message: M1, lines: '1'}"),
            ["0001-title.md:8:71: criteria[0].source: there is no discussion.yaml"],
        ),
    ],
)
def test_a_verdict_has_evidence_unless_it_is_asserted(folder: Path, verdict: str, expected: list[str]) -> None:
    (folder / "criteria.yaml").write_text(CRITERIA)
    write(folder, 1, verdict)
    assert len(faults(folder)) == len(expected)
    assert all(fault.startswith(start) for fault, start in zip(faults(folder), expected, strict=True))


def test_evidence_has_to_be_of_its_kind(folder: Path) -> None:
    (folder / "criteria.yaml").write_text(CRITERIA)
    table = "## Sources\n\n```{recorded-answers}\n:name: x\n:versions: 4.1.0\na | blockdev-add\n```\n"
    body = BODY.replace("## Sources\n\n", table)
    write(folder, 1, VERDICT.format(kind="recorded", more=", evidence: [x]"), body=body)
    assert [fault for fault in faults(folder) if "nobody has judged" not in fault] == []
    write(folder, 1, VERDICT.format(kind="live", more=", evidence: [x]"), body=body)
    fault = next(fault for fault in faults(folder) if "nobody has judged" not in fault)
    assert "criteria[0].evidence[0]: 'x' is a recorded-answers, which is no live evidence" in fault


def test_computed_directives_are_checked(folder: Path) -> None:
    (folder / "a.json").write_text("{ 'command': 'a' }\n")
    (folder / "b.json").write_text("{ 'command': 'b', }\n")
    wrong = (
        "```{recorded-answers}\n:versions: 4.1.0 1.0.0\na | blockdev-add\n```\n\n"
        "```{recorded-answers}\nblockdev-add\n```\n\n"
        "```{interface-change}\n:before: a.json\n:after: b.json\n```\n\n"
        "```{discussion} ideas\n```\n\nSaid\n{said}`M1 2`.\n"
    )
    (folder / "index.md").write_text(wrong)
    found = faults(folder)
    assert found[0].startswith("b.json:1:")
    assert found[1].startswith("index.md:1:1: there is no recording of '1.0.0'")
    assert found[2] == "index.md:7: expected a label, a bar | and a query"
    assert found[3].startswith("index.md:15:1: discussion: there is no discussion.yaml")
    assert found[4].startswith("index.md:19: {said}`M1 2`: there is no discussion.yaml")
    assert len(found) == 5


def test_a_page_that_is_to_be_a_record_has_a_number(folder: Path) -> None:
    write(folder, 1)
    (folder / "0001-title.md").rename(folder / "title.md")
    why = "this page is no record, for the name of its file does not begin with a number"
    assert faults(folder) == [f"title.md:13:1: decision: {why}"]


def test_a_schema_that_cannot_be_read_is_told_where_it_is_named(folder: Path) -> None:
    (folder / "a.json").write_text("{ 'command': 'a' }\n")
    change = "```{interface-change}\n:before: a.json\n:after: none.json\n```\n\n"
    (folder / "index.md").write_text(change + change.replace("change", "reference").replace("none.json", "."))
    assert faults(folder) == [
        f"index.md:1:1: {folder}/none.json: cannot be read: No such file or directory",
        f"index.md:6:1: {folder}: cannot be read: Is a directory",
    ]


def test_a_new_record_is_complete_whatever_its_title(folder: Path) -> None:
    for title in ('"Quotes": \\ and *markup* #1', "Use [x](y) & <z>", "ä", "- a"):
        new_record(folder, title, 'Ann "A"')
    assert [path.name[:4] for path in sorted(folder.glob("*.md"))] == ["0001", "0002", "0003", "0004"]
    assert faults(folder) == []


def test_a_new_record_overwrites_nothing_and_says_why_it_cannot_be(folder: Path) -> None:
    write(folder, 41)
    before = (folder / "0041-title.md").read_text()
    assert new_record(folder, "Title", "Ann").name == "0042-title.md"
    assert (folder / "0041-title.md").read_text() == before
    (folder / "9999-last.md").write_text("")
    for title, place in (("Title", folder), ("Title", folder / "nowhere")):
        with pytest.raises(NewError):
            new_record(place, title, "Ann")


@pytest.mark.parametrize(
    ("title", "by", "wrong"), [("two\nlines", "Ann", "two\nlines"), ("Title", " ", " "), ("Title", "A\tB", "A\tB")]
)
def test_the_title_and_the_author_of_a_new_record_are_lines_of_text(
    title: str, by: str, wrong: str, folder: Path
) -> None:
    with pytest.raises(NewError, match="is not one line of text") as error:
        new_record(folder, title, by)
    assert str(error.value).startswith(repr(wrong))


def git(folder: Path, *arguments: str, day: str = "2020-01-01") -> None:
    environment = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "HOME": str(folder)}
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, env=environment, capture_output=True)


def test_the_pages_about_a_record_compare_it_or_document_the_schema_it_leads_to(folder: Path) -> None:
    compares = "```{{decision-comparison}} {}\n```\n"
    leads_to = "```{{{}}} x\n:before: {}.json\n:after: {}.json\n```\n"
    change = leads_to.format("interface-change", "old", "new")
    write(folder, 1, body=BODY + change + compares.format("1"))
    write(folder, 2)
    pages = {
        "a": compares.format("2 1"),
        "b": compares.format("2") + "```{note} 1\n```\n",
        "c": compares.format("1 9"),
        "d": leads_to.format("interface-reference", "old", "new"),
        "e": leads_to.format("interface-reference", "new", "old"),
        "f": change,
    }
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(f"# {name}\n\n{text}")
    found = records(folder)
    about = [
        [Path(page.path).name for page in elsewhere(record, found.pages, found.decisions)]
        for record in found.records.values()
    ]
    assert about == [["a.md", "d.md"], ["a.md", "b.md"]]


def test_the_dates_are_those_of_the_commits(folder: Path) -> None:
    git(folder.parent, "init", "-q")
    write(folder, 1)
    write(folder, 2)
    git(folder.parent, "add", ".")
    git(folder.parent, "commit", "-qm", "2019-09-09")
    (folder / "0001-title.md").write_text("changed")
    git(folder.parent, "commit", "-qam", "second", day="2020-02-02")
    write(folder, 3)
    found = dates(folder)
    assert found[folder / "0001-title.md"] == Written(first=date(2020, 1, 1), last=date(2020, 2, 2))
    assert found[folder / "0002-title.md"] == Written(first=date(2020, 1, 1), last=date(2020, 1, 1))
    assert folder / "0003-title.md" not in found


def test_without_history_there_are_no_dates(folder: Path) -> None:
    with pytest.raises(DatesError, match="git knows no history here"):
        dates(folder)


def test_a_shallow_clone_has_no_dates(folder: Path) -> None:
    git(folder, "init", "-q")
    write(folder, 1)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    write(folder, 2)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "two")
    git(folder.parent, "clone", "-q", "--depth=1", f"file://{folder}", "shallow")
    with pytest.raises(DatesError, match="whole history"):
        dates(folder.parent / "shallow")


def test_the_published_schema_is_the_one_of_the_dataclasses() -> None:
    published = ADR.parent / "docs" / "reference" / "decision.schema.json"
    assert published.read_text(encoding="utf-8") == schema()
    properties = json.loads(schema())["$defs"]["Decision"]
    assert properties["additionalProperties"] is False
    assert properties["required"] == ["number", "title", "status", "proposers", "history"]


def test_a_new_record_needs_a_folder_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(NewError, match="there is no such folder; make it"):
        new_record(tmp_path / "none", "A title", "Somebody")


TALK = """\
title: A talk
place: a room
lines: 9
source: a page
participants: [{id: ann, name: Ann, role: asks}]
messages: [{id: M1, author: ann, lines: 1-9, basis: a guess, about: all}]
options:
- option: 7
  title: An option
  introduced: {author: ann, message: M1, lines: "1", text: Proposed.}
  rationale: {author: ann, message: M1, lines: "1", text: Because.}
  interface: {author: ann, message: M1, lines: "1", text: Nothing.}
  arguments: [{id: 7.P1, stance: pro, author: ann, message: M1, lines: 2-3, text: It is good.}]
"""
PRO = "```{decision-arguments} pro\n```\n"
ANSWERS = "```{recorded-answers}\n:name: some\n:versions: 10.0.0\n\nquit | quit\n```\n"


OPTION = "option: 7\n"
NO_RECORD = "discussion.yaml: no record is about option 7"
SAID_WRONGLY = "{said}`M1 10` {said}`M1` {said}`M2 1`"
TWO_VERDICTS = (
    "criteria:\n- {criterion: C1, verdict: pass, kind: asserted, note: Yes.}\n"
    "- {criterion: C1, verdict: fail, kind: asserted, note: No.}\n"
)


def write_of_talk(folder: Path, number: int, more: str, body: str = PRO, **other: str) -> None:
    """A record whose words are its own and whose history stands in the discussion."""
    (folder / "criteria.yaml").write_text(CRITERIA)
    (folder / "discussion.yaml").write_text(TALK)
    write(folder, number, more, body=f"{BODY}{body}".replace("Text.", "{ours}`Text.`"), **other)
    path = folder / f"{number:04}-title.md"
    path.write_text(path.read_text().replace('{url: "https://example.org/"}', "{message: M1, lines: '1'}"))


@pytest.mark.parametrize(
    ("more", "body", "expected"),
    [
        (OPTION, PRO, []),
        ("", "", [NO_RECORD]),
        ("option: 9\n", "", ["8:1: option: the discussion has no option 9", NO_RECORD]),
        (OPTION, "", ["1: argument 7.P1 is not shown; add the directive 'decision-arguments pro'"]),
        (OPTION, PRO + PRO.replace("pro", "so"), ["63:1: decision-arguments: expected pro, con or neutral, got 'so'"]),
        ("", PRO, ["60:1: decision-arguments: this record is about no option of a discussion", NO_RECORD]),
        (
            OPTION + VERDICT.format(kind="asserted", more=", arguments: [7.P2]"),
            PRO,
            ["9:83: criteria[0].arguments[0]: this option has no argument '7.P2'"],
        ),
        (
            OPTION + VERDICT.format(kind="asserted", more=", about: [x]"),
            PRO,
            ["9:12: criteria[0]: facts without evidence that they are of"],
        ),
        (OPTION + TWO_VERDICTS, PRO, ["11:4: criteria[1].criterion: a second verdict by C1"]),
        (
            OPTION,
            PRO + SAID_WRONGLY,
            [
                "63: {said}`M1 10`: 10 is not in M1, which has the lines 1-9",
                "63: {said}`M1`: a passage is written as in M5 924-941",
                "63: {said}`M2 1`: there is no message M2",
            ],
        ),
        (OPTION, f"{PRO}```{{discussion}} table\n```\n", ["63:1: discussion table: give the id of one table"]),
        (
            OPTION,
            f"{PRO}```{{discussion}} messages\n:ids: M1 M9\n```\n",
            ["63:1: discussion messages: nothing there has the id 'M9'"],
        ),
        (
            OPTION,
            PRO + ANSWERS.replace("quit | quit", "quit\n| quit\n\nquit | quit/"),
            [*(f"{line}: expected a label, a bar | and a query" for line in (67, 68)), "70: 'quit/': a step is empty"],
        ),
        (OPTION, PRO + ANSWERS.replace("quit | quit\n", ""), ["66: no detector; write lines 'label | query'"]),
        (
            OPTION,
            f"{PRO}```{{option-scenario}} detect\n:folder: nowhere\n```\n",
            ["63:1: option-scenario: no such folder: FOLDER/nowhere"],
        ),
        (
            OPTION,
            f"{PRO}```{{interface-change}}\n:after: a.json\n```\n",
            ["63:1: interface-change: the option 'before' is missing"],
        ),
    ],
)
def test_what_is_wrong_in_a_record_of_a_discussion(folder: Path, more: str, body: str, expected: list[str]) -> None:
    write_of_talk(folder, 1, more, body)
    found = [fault.removeprefix("0001-title.md:").replace(str(folder), "FOLDER") for fault in faults(folder)]
    assert found == expected


def test_what_is_wrong_with_the_criteria_is_told(folder: Path) -> None:
    write(folder, 1)
    (folder / "criteria.yaml").write_text(CRITERIA.replace("text", "txt"))
    assert faults(folder) == [
        "criteria.yaml:1:12: criteria[0].text: missing",
        "criteria.yaml:1:21: criteria[0].txt: unknown key; the keys are id, text, check, source, knock_out",
    ]


def test_one_record_is_about_an_option(folder: Path) -> None:
    write_of_talk(folder, 1, OPTION)
    write_of_talk(folder, 2, OPTION)
    assert faults(folder) == [f"0002-title.md:8:1: option: {folder}/0001-title.md is about 7 too"]


def test_who_did_something_has_said_so(folder: Path) -> None:
    write_of_talk(folder, 1, OPTION, status="accepted", history=LATER.replace("Ann", "Bob"))
    assert faults(folder) == ["0001-title.md:8:47: history[1].source: M1 is by Ann, not by Bob"]


def test_a_record_is_confirmed_by_an_example_or_says_why_by_none(folder: Path) -> None:
    write_of_talk(folder, 1, OPTION, PRO + ANSWERS)
    path = folder / "0001-title.md"
    text = path.read_text()
    told = []
    for more in ("", "confirmation: [some]\n"):
        path.write_text(text.replace("unconfirmed: Nothing to run.\n", more))
        told += faults(folder)
    assert told == [
        "0001-title.md:2:1: confirmation: give the names of examples, or say under 'unconfirmed' why there is none",
        "0001-title.md:9:16: confirmation[0]: this page shows no example with the name 'some'",
    ]
