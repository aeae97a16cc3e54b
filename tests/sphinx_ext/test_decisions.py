"""Decision records in documents, built by Sphinx."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sphinx.testing.util import SphinxTestApp

RECORD = """---
number: 1
title: A title
status: proposed
proposers: [Kevin Wolf]
history:
- status: proposed
  on: 2019-04-01
  by: Kevin Wolf
  source: {url: "https://example.org/"}
confirmation: [some-example]
---

# A title

```{decision}
```

## Context

Text.

## Consequences

Text.

## Confirmation

```{qmp-example}
:file: some.qmp
```

## Sources

Text.
"""
EXAMPLE = ':name: some-example\n-> { "execute": "query-status" }\n<- { "return": { "running": false, ... } }\n'
OTHER = RECORD.replace("number: 1", "number: 2").replace("A title", "Another <title>")
ACCEPTED = OTHER.replace(
    "confirmation:",
    '- status: accepted\n  on: 2019-04-02\n  by: Kevin Wolf\n  source: {url: "https://example.org/"}\n'
    "relations: [{type: alternative-to, to: 1}]\nconfirmation:",
).replace("status: proposed\nproposers", "status: accepted\nproposers")
INDEX = "# List\n\n```{decision-index}\n```\n\n```{decision-timeline}\n```\n\n```{toctree}\n:glob:\n0*\n```\n"
DISCUSSION = """
title: A talk
place: a room
lines: 9
source: a page
participants: [{id: kw, name: Kevin Wolf, role: speaks}]
messages: [{id: M1, author: kw, lines: 1-9, basis: a guess, about: all}]
questions:
- {id: Q1, author: kw, message: M1, lines: "5", text: "Why?"}
- {id: Q2, author: kw, message: M1, lines: "6", text: "When?"}
options:
- option: 7
  title: An option
  introduced: {author: kw, message: M1, lines: "1", text: Proposed.}
  rationale: {author: kw, message: M1, lines: "1", text: Because.}
  interface: {author: kw, message: M1, lines: "1", text: Nothing.}
  arguments:
  - id: 7.P1
    stance: pro
    author: kw
    message: M1
    lines: 2-3
    text: "It uses `read-only`, <b>."
    replies: [{author: kw, message: M1, lines: "4", text: He agrees.}]
"""
OPTION = RECORD.replace("status: proposed\nproposers", "option: 7\nstatus: proposed\nproposers").replace(
    'source: {url: "https://example.org/"}', 'source: {message: M1, lines: "1"}'
)
FULL = (
    OPTION.replace("## Consequences", "## Interface change\n\nText.\n\n## Behaviour\n\nText.\n\n## Consequences")
    .replace(
        "## Consequences",
        "## Arguments for\n\n```{decision-arguments} pro\n```\n\n## Arguments against\n\nNone.\n\n## Consequences",
    )
    .replace(
        "## Sources", "## Status in the discussion\n\nSaid in {said}`M1 7-8`.\n\n## Hindsight\n\nText.\n\n## Sources"
    )
    .replace("Text.", "{ours}`Our text`.")
    .replace("None.", "{ours}`None`.")
)
MESSAGES = INDEX + "\n```{discussion} messages\n```\n"
Build = Callable[..., SphinxTestApp]


@pytest.fixture
def build(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> Build:
    """Builds these files, among which list.md is the first page."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text('extensions = ["myst_parser", "qapidoc_ext"]\nhtml_theme = "basic"\n')

    def run(files: dict[str, str], builder: str = "html", **configuration: object) -> SphinxTestApp:
        for name, text in {"list.md": INDEX, "some.qmp": EXAMPLE, **files}.items():
            path = source / name
            if not path.is_file() or path.read_text() != text:
                path.write_text(text)
        settings = {"qapidoc_qemu": os.environ.get("QEMU_BIN", ""), "root_doc": "list", **configuration}
        app = make_app(builder, srcdir=source, confoverrides=settings)
        app.build()
        return app

    return run


def messages(app: SphinxTestApp) -> str:
    return app.warning.getvalue().replace(str(app.srcdir) + "/", "")


def page(app: SphinxTestApp, name: str) -> str:
    return (app.outdir / name).read_text()


@pytest.mark.usefixtures("emulator")
def test_a_record_says_what_confirms_it_and_the_list_has_it(build: Build) -> None:
    app = build({"0001-a-title.md": RECORD})
    assert messages(app) == ""
    assert "✓ executed live" in page(app, "0001-a-title.html").split("Context")[0]
    assert 'href="0001-a-title.html">0001 A title</a>' in page(app, "list.html")


def test_only_pages_that_show_records_load_what_these_look_like(build: Build, tmp_path: Path) -> None:
    elsewhere = tmp_path / "source" / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "showing.md").write_text("# Showing\n\n```{decision-index}\n```\n")
    (elsewhere / "other.md").write_text("# Other\n\nText.\n")
    app = build({"0001-a-title.md": RECORD, "beside.md": "# Beside\n\nText.\n"})
    for name in ("list.html", "0001-a-title.html", "beside.html", "elsewhere/showing.html"):
        for file in ("decisions.css", "comparison.css", "decisions.js", "comparison.js"):
            assert page(app, name).count(f"_static/{file}") == 1
    assert not re.search(r"_static/(decisions|comparison)", page(app, "elsewhere/other.html"))
    assert not re.search(r"_static/(decisions|comparison)", page(app, "genindex.html"))


@pytest.mark.usefixtures("emulator")
def test_a_record_that_is_not_in_force_says_so_and_names_the_one_that_is(build: Build) -> None:
    app = build({"0001-a-title.md": RECORD, "0002-another-title.md": ACCEPTED})
    assert messages(app) == ""
    text = page(app, "0001-a-title.html")
    assert "Not in force" in text
    assert 'href="0002-another-title.html">0002 Another &lt;title&gt;</a>' in text
    assert "Not in force" not in page(app, "0002-another-title.html")


@pytest.mark.usefixtures("emulator")
def test_the_records_are_written_for_other_programs(build: Build) -> None:
    site = "https://example.org/site"
    app = build({"0001-a-title.md": RECORD, "0002-another-title.md": ACCEPTED}, html_baseurl=f"{site}/")
    first, second = json.loads(page(app, "decisions.json"))["decisions"]
    assert first["relations"] == [{"phrase": "alternative to", "to": 2, "note": None}]
    assert second["status"] == "accepted"
    assert second["address"] == "0002-another-title.html"
    feed = ET.fromstring(page(app, "decisions.atom"))
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    assert feed.findtext("{*}id") == f"{site}/#decisions"
    assert feed.findtext("{*}updated") == "2019-04-02T00:00:00Z"
    entries = feed.findall("{*}entry")
    told = [[entry.findtext(f"{{*}}{name}") for name in ("id", "updated", "author/{*}name")] for entry in entries]
    assert told == [
        [f"{site}/#{number}-{day}-{status}", f"{day}T00:00:00Z", "Kevin Wolf"]
        for number, day, status in [
            ("0002", "2019-04-02", "accepted"),
            ("0002", "2019-04-01", "proposed"),
            ("0001", "2019-04-01", "proposed"),
        ]
    ]
    assert entries[1].findtext("{*}summary") == "Now accepted. Proposed by Kevin Wolf."
    titles = [entry.findtext("{*}title") for entry in entries]
    assert titles == ["0002 Another <title>: accepted", "0002 Another <title>: proposed", "0001 A title: proposed"]
    links = [link.get("href") for entry in entries for link in entry.findall("{*}link")]
    assert links == [f"{site}/0002-another-title.html"] * 2 + [f"{site}/0001-a-title.html"]


def test_pages_beside_records_name_their_feed_and_what_else_is_said_of_them(build: Build, tmp_path: Path) -> None:
    (tmp_path / "source" / "more").mkdir()
    text = "---\norphan: true\nmyst: {html_meta: {author: Me}}\n---\n# More\n"
    app = build({"0001-a-title.md": RECORD, "a.md": text, "more/b.md": text})
    for name, feeds in (("a", 1), ("more/b", 0)):
        head = page(app, f"{name}.html").partition("</head>")[0]
        assert head.count('type="application/atom+xml"') == feeds
        assert head.count('<meta content="Me" name="author"') == 1


@pytest.mark.usefixtures("emulator")
def test_arguments_and_passages_come_from_the_discussion(build: Build) -> None:
    app = build({"0001-a-title.md": FULL, "discussion.yaml": DISCUSSION, "list.md": MESSAGES})
    assert messages(app) == ""
    text = page(app, "0001-a-title.html")
    assert 'id="argument-7.P1"' in text
    assert "read-only</span></code>, &lt;b&gt;." in text
    assert "He agrees." in text
    for lines in ("2\N{EN DASH}3", "7\N{EN DASH}8"):
        assert f'Kevin Wolf, <a class="reference internal" href="list.html#message-M1">M1</a>, lines {lines}' in text
    assert 'id="message-M1"' in page(app, "list.html")


def test_a_passage_on_the_page_of_the_messages_leads_to_its_message(build: Build) -> None:
    app = build(
        {"0001-a-title.md": FULL, "discussion.yaml": DISCUSSION, "list.md": f"{MESSAGES}\nSaid in {{said}}`M1 7-8`.\n"}
    )
    link = '<a class="reference internal" href="#message-M1">M1</a>'
    assert f"Kevin Wolf, {link}, lines 7\N{EN DASH}8" in page(app, "list.html")


@pytest.mark.parametrize("builder", ["latex", "man", "singlehtml", "texinfo"])
def test_a_record_in_a_document_of_several_shows_what_it_shows_on_its_page(build: Build, builder: str) -> None:
    files = {"0001-a-title.md": FULL, "list.md": MESSAGES, "discussion.yaml": DISCUSSION}
    app = build(files, builder, qapidoc_record="off")
    [text] = [path.read_text() for path in app.outdir.iterdir() if path.suffix in {".tex", ".1", ".html", ".texi"}]
    assert "He agrees." in text


@pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInSphinx11Warning")  # of the builders themselves
@pytest.mark.parametrize(("builder", "name"), [("json", "0001-a-title.fjson"), ("pickle", "0001-a-title.fpickle")])
def test_pages_are_also_written_as_data(build: Build, builder: str, name: str) -> None:
    app = build({"0001-a-title.md": RECORD}, builder, qapidoc_record="off")
    assert (app.outdir / name).stat().st_size > 0


@pytest.mark.usefixtures("emulator")
def test_a_part_of_the_discussion_is_shown_as_a_whole_or_what_is_chosen_of_it(build: Build) -> None:
    chosen = FULL.replace("## Sources", "```{discussion} questions\n:ids: Q2\n```\n\n## Sources")
    every = f"{MESSAGES}\n```{{discussion}} questions\n```\n"
    app = build({"0001-a-title.md": chosen, "discussion.yaml": DISCUSSION, "list.md": every})
    assert messages(app) == ""
    found = [re.findall('id="question-(..)"', page(app, name)) for name in ("list.html", "0001-a-title.html")]
    assert found == [["Q1", "Q2"], ["Q2"]]


@pytest.mark.usefixtures("emulator")
def test_a_statement_leads_to_what_shows_it(build: Build) -> None:
    answers = "```{recorded-answers}\n:name: some-answers\n:versions: 4.1.0\na | blockdev-add\n```"
    shown = f"By {{shown}}`some-example` and {{shown}}`some-answers`.\n\n{answers}\n\n## Sources"
    app = build({"0001-a-title.md": RECORD.replace("## Sources", shown)})
    assert messages(app) == ""
    text = page(app, "0001-a-title.html")
    for anchor, words in (("example-some-example", "some-example"), ("recorded-some-answers", "the recorded intro")):
        assert f'href="#{anchor}">{words}' in text
        assert f'id="{anchor}"' in text
    assert "some-example</a>, ✓ executed live" in text


@pytest.mark.usefixtures("emulator")
def test_a_statement_that_rests_on_nothing_or_on_what_is_not_there_fails_the_build(build: Build) -> None:
    text = FULL.replace("## Sources", "Some statement.\n\n{shown}`no-such`\n\n## Sources")
    app = build({"0001-a-title.md": text, "discussion.yaml": DISCUSSION, "list.md": MESSAGES})
    unfounded, not_shown = messages(app).splitlines()
    assert "ERROR: this does not say what it rests on: say who said it" in unfounded
    assert "ERROR: {shown}`no-such`: this page shows nothing with this name" in not_shown
    assert "no-such" in page(app, "0001-a-title.html")


@pytest.mark.usefixtures("emulator")
def test_an_argument_that_changes_in_the_discussion_changes_on_the_page(build: Build) -> None:
    files = {"0001-a-title.md": FULL, "discussion.yaml": DISCUSSION, "list.md": MESSAGES}
    build(files)
    files["discussion.yaml"] = DISCUSSION.replace("He agrees.", "He does not.")
    assert "He does not." in page(build(files), "0001-a-title.html")


@pytest.mark.usefixtures("emulator")
def test_an_argument_that_is_not_shown_fails_the_build(build: Build) -> None:
    files = {
        "0001-a-title.md": FULL.replace("```{decision-arguments} pro\n```", "None."),
        "discussion.yaml": DISCUSSION,
    }
    app = build(files)
    assert messages(app).startswith("0001-a-title.md:1: ERROR: argument 7.P1 is not shown")
    assert app.statuscode == 1


@pytest.mark.usefixtures("emulator")
def test_a_record_leads_to_the_pages_that_compare_it_and_that_document_its_interface(build: Build) -> None:
    change = "Text.\n\n```{interface-change}\n:before: before.json\n:after: after.json\n```\n"
    reference = "```{{interface-reference}} {0}\n:before: before.json\n:after: {1}.json\n```\n"
    schema = "{ 'command': 'stop' }\n"
    files = {
        "0001-a-title.md": RECORD.replace("Text.", change, 1),
        "0002-another-title.md": OTHER,
        "both.md": "---\norphan: true\n---\n# Compared\n\n```{decision-comparison} 1\n```\n",
        "own.md": "---\norphan: true\n---\n# Its interface\n\n" + reference.format("own", "after"),
        "foreign.md": "---\norphan: true\n---\n# No interface of it\n\n" + reference.format("foreign", "before"),
        "before.json": schema,
        "after.json": schema + "\n{ 'command': 'cont' }\n",
    }
    app = build(files)
    assert messages(app) == ""
    links = re.findall(r'href="(both|own|foreign).html">(.*?)</a>', page(app, "0001-a-title.html"))
    assert links == [("both", "Compared"), ("own", "Its interface")]
    assert "More about it" not in page(app, "0002-another-title.html")


def test_faults_of_a_record_are_located(build: Build) -> None:
    app = build({"0001-a-title.md": RECORD.replace("proposers: [Kevin Wolf]", "proposer: Kevin Wolf")})
    missing, unknown, *_ = [line for line in messages(app).splitlines() if "ERROR" in line]
    assert missing.startswith("0001-a-title.md:2:1: ERROR: proposers: missing")
    assert unknown.startswith("0001-a-title.md:5:1: ERROR: proposer")
    assert app.statuscode == 1


def test_a_fault_of_a_computed_directive_is_told_in_each_build_wherever_it_stands(build: Build) -> None:
    schemas = "\n   :before: none.json\n   :after: none.json\n\n"
    orphan = "---\norphan: true\n---\n\n"
    files = {
        "0001-a-title.md": RECORD,
        "beside.rst": f":orphan:\n\n.. interface-change::{schemas}.. interface-reference:: new{schemas}",
        "empty.rst": ":orphan:\n\n.. interface-reference:: new\n   :before:\n   :after: none.json\n",
        "nested.md": orphan + ":::{note}\n```{option-scenario} nothing\n:folder: .\n```\n:::\n",
        "checked.md": orphan + "```{recorded-answers}\n:versions: 1.0.0\na | stop\n```\n",
    }
    for _ in range(2):
        app = build(files, myst_enable_extensions=["colon_fence"])
        told = [line.partition(": ERROR: ")[0] for line in messages(app).splitlines() if "ERROR" in line]
        assert sorted(told) == ["beside.rst:3", "beside.rst:7", "checked.md:5:1", "empty.rst:3", "nested.md:6"]
        assert app.statuscode == 1


def test_a_fault_of_a_query_is_told_at_its_line(build: Build) -> None:
    orphan = "---\norphan: true\n---\n\n"
    files = {
        "0001-a-title.md": RECORD,
        "plain.rst": ":orphan:\n\n.. recorded-answers::\n   :versions: 4.1.0\n\n   a | stop\n   b\n",
        "nested.md": orphan + ":::{note}\n```{recorded-answers}\n:versions: 4.1.0\n\na | stop\nb\n```\n:::\n",
        "yaml.md": orphan + ":::{note}\n```{recorded-answers}\n---\nversions: 4.1.0\n---\na | stop\nb\n```\n:::\n",
    }
    told = messages(build(files, myst_enable_extensions=["colon_fence"])).splitlines()
    assert sorted(line.partition(": ERROR: ")[0] for line in told if "ERROR" in line) == [
        "nested.md:10",
        "plain.rst:7",
        "yaml.md:11",
    ]


def test_a_record_without_the_example_that_is_to_confirm_it(build: Build) -> None:
    app = build({"0001-a-title.md": RECORD.replace(":file: some.qmp", '-> { "execute": "query-status" }')})
    assert "confirmation[0]: this page shows no example with the name 'some-example'" in messages(app)
    assert app.statuscode == 1


@pytest.mark.usefixtures("emulator")
def test_a_fault_is_told_that_a_file_of_another_folder_causes(build: Build, tmp_path: Path) -> None:
    (tmp_path / "source" / "adr").mkdir()
    record = RECORD.replace("some.qmp", "../some.qmp")
    files = {"adr/0001-a-title.md": record, "list.md": "# List\n\n```{toctree}\nadr/0001-a-title\n```\n"}
    assert messages(build(files)) == ""
    app = build({**files, "some.qmp": EXAMPLE.replace("some-example", "another-name")})
    assert "confirmation[0]: this page shows no example with the name 'some-example'" in messages(app)
    assert app.statuscode == 1


@pytest.mark.usefixtures("emulator")
def test_without_dot_the_page_says_so_and_the_build_goes_on(build: Build) -> None:
    files = {"0001-a-title.md": RECORD, "list.md": INDEX + "\n```{decision-graph}\n```\n"}
    app = build(files, graphviz_dot="no-such-program")
    assert messages(app) == ""
    assert "there is no program no-such-program" in page(app, "list.html")


def test_what_is_computed_of_schemas_follows_each_of_their_files(build: Build, tmp_path: Path) -> None:
    (tmp_path / "source" / "common").mkdir()
    schema = "{ 'include': 'common/lamps.json' }\n"
    change = "# Lamps\n\n```{interface-change}\n:before: a.json\n:after: b.json\n```\n"
    files = {"list.md": change, "a.json": "{ 'command': 'stop' }\n", "b.json": schema}
    lamps = {"common/lamps.json": "{ 'command': 'lamp-on' }\n"}
    assert "lamp-on" in page(build({**files, **lamps}), "list.html")
    lamps = {"common/lamps.json": "{ 'command': 'lamp-off' }\n"}
    assert "lamp-off" in page(build({**files, **lamps}), "list.html")


def test_a_page_that_shows_only_what_is_computed_has_its_styles(build: Build) -> None:
    reference = "# Lamps\n\n```{interface-reference} lamps\n:before: a.json\n:after: a.json\n```\n"
    app = build({"list.md": reference, "a.json": "{ 'command': 'lamp-on' }\n"})
    assert messages(app) == ""
    assert "comparison.css" in page(app, "list.html")
