from __future__ import annotations

import os
import pickle
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qapidoc_ext.qmp import host, script
from qapidoc_ext.qmp.header import OPTIONS
from qapidoc_ext.qmp.requirement import Query
from qapidoc_ext.qmp.script import parse, parse_file
from qapidoc_ext.qmp.step import Comment, ExpectedEvent, ExpectedReply, HostStep, Request
from qapidoc_ext.source import Location, SourceError

EXAMPLE = """\
:name: first
:title: A first example
:requires: blockdev-add/arg-type/+file, stop

# What a reader sees.
#
#   In two paragraphs.
-> { "execute": "query-version",
     "arguments": {} }

<- { "return": { "qemu": <any:version>, ... } }
(QEMU) device_add driver=${version}
-> { "execute": "stop" }
<- { "event": "STOP" }
<- { "return": {} }
>>> vm.access_mode("disk.raw")
'O_RDWR'
>>> vm.image("disk.raw", 42)
"""


NO_CALL = f"only a call can stand here, as vm.NAME(...), of one of: {', '.join(host.FUNCTIONS)}"


def faults(content: str) -> list[str]:
    with pytest.raises(SourceError) as error:
        parse(content, Location(path="x", line=1, column=1))
    return [str(finding).removeprefix("x:") for finding in error.value.findings]


def test_every_kind_of_step_is_read() -> None:
    example = parse(EXAMPLE, Location(path="x", line=1, column=1))
    assert example.header.name == "first"
    assert example.header.title == "A first example"
    assert [(item.query, str(item.location)) for item in example.header.requires if isinstance(item, Query)] == [
        ("blockdev-add/arg-type/+file", "x:3:12"),
        ("stop", "x:3:41"),
    ]
    kinds = [type(step) for step in example.steps]
    assert kinds == [
        Comment,
        Request,
        ExpectedReply,
        Request,
        Request,
        ExpectedEvent,
        ExpectedReply,
        HostStep,
        HostStep,
    ]
    assert [step.location.line for step in example.steps] == [5, 8, 11, 12, 13, 14, 15, 16, 18]


def test_comment_lines_make_paragraphs() -> None:
    assert parse(EXAMPLE, Location(path="x")).steps[0] == Comment(
        location=Location(path="x", line=5, column=1), text="What a reader sees.\n\nIn two paragraphs."
    )


def test_a_request_knows_whether_its_reply_is_read() -> None:
    requests = [step for step in parse(EXAMPLE, Location(path="x")).steps if isinstance(step, Request)]
    assert [request.reply_is_read for request in requests] == [True, False, True]


def test_a_host_step_has_its_expected_value_and_where_it_stands() -> None:
    *_, reading, making = parse(EXAMPLE, Location(path="x")).steps
    assert isinstance(reading, HostStep)
    assert isinstance(making, HostStep)
    assert (reading.call, reading.expected) == (host.AccessMode(name="disk.raw"), "O_RDWR")
    assert reading.expected_location.line == 17
    assert (making.call, making.expected) == (host.Image(name="disk.raw", size=42), None)
    assert making.expected_location == making.location


def test_a_script_can_be_pickled() -> None:
    example = parse(EXAMPLE, Location(path="x"))
    assert pickle.loads(pickle.dumps(example)) == example


def test_places_count_from_where_the_text_stands_in_a_document() -> None:
    with pytest.raises(SourceError) as error:
        parse('# one\n-> { "execute": nonsense }', Location(path="page.md", line=40, column=5))
    assert str(error.value.findings[0].location) == "page.md:41:21"


def test_windows_line_ends_are_white_space() -> None:
    example = parse(EXAMPLE.replace("\n", "\r\n"), Location(path="x"))
    assert example.header.title == "A first example"
    assert len(example.steps) == 9


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "  -> {}",
            ["1:1: a step begins with '->', '<-', '(QEMU)', '>>>' or '#'; an indented line continues '->' or '<-'"],
        ),
        ("->", ["1:3: a JSON value is missing"]),
        ("-> []", ["1:4: a request is a JSON object"]),
        ("-> {} {}", ["1:7: nothing more is expected here"]),
        (
            "-> {\n\n }\n",
            [
                "1:5: the name of a member, in double quotes, is missing",
                "3:1: a step begins with '->', '<-', '(QEMU)', '>>>' or '#'; an indented line continues '->' or '<-'",
            ],
        ),
        ('-> {"execute": "x", }', ["1:21: the name of a member, in double quotes, is missing"]),
        ('-> {"execute": x}', ["1:16: not a JSON value; strings stand in double quotes"]),
        ('-> {"a": 1, "a": 2}', ['1:13: the member "a" stands here twice']),
        ('-> {"a": 01}', ["1:10: not a JSON value"]),
        ('-> {"a": 1e999}', ["1:10: the number is too large"]),
        ('-> {"a": "b', ["1:10: the string has no closing quote on its line"]),
        ('-> {"a": "\\q"}', ["1:11: not a JSON string: Invalid \\escape"]),
        ('-> {"a": "\\ud800"}', ["1:11: half of a surrogate pair is not a character"]),
        ('-> {"a": "${1}"}', ["1:11: '${' is not followed by a name and '}'; to say '${', write \\u0024{"]),
        ('-> {"a": ${b}}', ["1:10: no earlier step captures 'b'"]),
        ('-> {"a": $b}', ["1:10: a reference is ${name}"]),
        ('-> {"a": <int>}', ["1:10: a placeholder stands only in what is expected, not in what is sent"]),
        ('-> {"a": [...]}', ["1:11: '...' stands only in what is expected, not in what is sent"]),
        ('-> {"id": "__qmp#1"}', ["1:4: an id is a string that does not begin with '__qmp#'"]),
        ('-> {"id": 1}', ["1:4: an id is a string that does not begin with '__qmp#'"]),
        ('-> {"a": tru}', ["1:10: not a JSON value; strings stand in double quotes"]),
        ("-> {'a': 1}", ["1:5: the name of a member, in double quotes, is missing"]),
        (
            "-> [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            ["1:104: more than 100 arrays and objects in each other"],
        ),
        ('<- {"return": 1}', ["1:1: no request before this waits for a reply"]),
        ("<- []", ['1:4: what is expected is an object with just one of "return", "error" and "event"']),
        (
            '<- {"return": 1, "event": "X"}',
            ['1:4: what is expected is an object with just one of "return", "error" and "event"'],
        ),
        ('<- {"error": {"desc": "x"}}', ['1:14: an expected error says its "class"']),
        ('<- {"error": ...}', ['1:14: an expected error says its "class"']),
        (
            '<- {"event": <integer>}',
            ["1:14: a placeholder is <int>, <str>, <num>, <bool> or <any>; <int:name> captures"],
        ),
        ('<- {"event": ..}', ["1:14: '...' is missing"]),
        ('-> {}\n<- {"return": <int:a>}\n-> {}\n<- {"return": <int:a>}', ["4:15: 'a' is captured already"]),
        ('-> {}\n>>> vm.image("a", 1)\n<- {"return": 1}', ["3:1: no request before this waits for a reply"]),
        ('-> {}\n<- {"return": [<int:a>, ${a}]}', ["2:25: no earlier step captures 'a'"]),
        ("(QEMU)", ["1:7: the name of a command is missing"]),
        ("(QEMU) a b", ["1:10: 'b' is not key=value"]),
        (f"(QEMU) a {'b.' * 101}c=1", ["1:10: more than 100 objects in each other"]),
        ("(QEMU) a b=1 b=2 b.c=3", ["1:14: 'b' is set twice", "1:18: 'b' has a value already and cannot have members"]),
        ('(QEMU) a b="c', ["1:12: the quotation has no end"]),
        (">>> 1", [f"1:5: {NO_CALL}"]),
        ('>>> open("x")', [f"1:5: {NO_CALL}"]),
        ('>>> vm.image.__class__("x")', [f"1:5: {NO_CALL}"]),
        (">>> vm.image()", ["1:5: vm.image: Object missing required field `name`"]),
        ('>>> vm.image("a", size=-1)', ["1:5: vm.image: Expected `int` >= 0 - at `$.size`"]),
        ('>>> vm.image("a", size=True)', ["1:5: vm.image: Expected `int`, got `bool` - at `$.size`"]),
        ('>>> vm.read("a", 0, 65537)', ["1:5: vm.read: Expected `int` <= 65536 - at `$.length`"]),
        ('>>> vm.image("a", 1, 2, 3)', ["1:5: vm.image takes at most 3 arguments: name, size, mode"]),
        ('>>> vm.image("a", sise=1)', ["1:5: vm.image has no argument 'sise', only name, size, mode"]),
        ('>>> vm.image("a", name="b")', ["1:5: vm.image has the argument 'name' twice"]),
        (
            '>>> vm.loop_device("a", "../b")',
            ["1:5: vm.loop_device: the file has one name of letters, digits and _ . -, without a directory"],
        ),
        (
            '>>> vm.image("../a", size=1)',
            ["1:5: vm.image: the file has one name of letters, digits and _ . -, without a directory"],
        ),
        (
            '>>> vm.image("/a", size=1)',
            ["1:5: vm.image: the file has one name of letters, digits and _ . -, without a directory"],
        ),
        (
            '>>> vm.image("a/b", size=1)',
            ["1:5: vm.image: the file has one name of letters, digits and _ . -, without a directory"],
        ),
        (
            '>>> vm.image("a\\n", size=1)',
            ["1:5: vm.image: the file has one name of letters, digits and _ . -, without a directory"],
        ),
        (
            '>>> vm.image("..", size=1)',
            ["1:5: vm.image: the file has one name of letters, digits and _ . -, without a directory"],
        ),
        (">>> vm.access_mode(x)", ["1:5: not a literal value"]),
        ('>>> vm.access_mode(*["a"])', ["1:5: not a literal value"]),
        ('>>> vm.access_mode(**{"name":"a"})', ["1:5: vm.access_mode has no argument '**', only name"]),
        ('>>> vm.access_mode("a"', ["1:5: not a Python expression: '(' was never closed"]),
        (
            '>>> vm.access_mode("a")\nO_RDWR',
            ["2:1: what is expected here is the value of the call: not a literal value"],
        ),
        ("# a\x00\n-> {}", ["1:4: the control character U+0000 cannot stand in an example"]),
        ('-> {"a": "b\u202ec"}', ["1:12: the control character U+202E cannot stand in an example"]),
        ('-> {"a": "b\u061cc"}', ["1:12: the control character U+061C cannot stand in an example"]),
        ('-> {"a": "b\u200bc"}', ["1:12: the control character U+200B cannot stand in an example"]),
        ('-> {"a": "b\U000e0041"}', ["1:12: the control character U+E0041 cannot stand in an example"]),
        ("# a\n# \ufeffb\n-> {}", ["2:3: the control character U+FEFF cannot stand in an example"]),
        ("-> {}\n:name: x", ["2:1: an option stands before the first step"]),
        (":name: X\n-> {}", ["1:8: a name has small letters, digits and single hyphens between them"]),
        (
            ":name: a\n:name: b\n:size: 1\n:title:\nname: x\n",
            [
                "2:1: the option 'name' stands here twice",
                f"3:1: no option is called 'size', only {', '.join(OPTIONS)}",
                "4:1: the option 'title' has no value",
                "5:1: a step begins with '->', '<-', '(QEMU)', '>>>' or '#'; an indented line continues '->' or '<-'",
            ],
        ),
        (
            ":requires: a,,b//c,\n-> {}",
            ["1:14: a query is empty", "1:15: 'b//c': a step is empty", "1:20: a query is empty"],
        ),
        (":requires\n-> {}", ["1:1: not an option, which is written ':name: value'"]),
        ('-> {"a": "x\ty"}', ["1:12: not a JSON string: Invalid control character at"]),
        ('-> {"a": 1.}', ["1:10: not a JSON value"]),
        ('-> {"a" 1}', ["1:9: ':' is missing"]),
        ('-> {"a": 1 "b": 2}', ["1:12: ',' or '}' is missing"]),
        ('-> {"a": 1', ["1:11: ',' or '}' is missing"]),
    ],
)
def test_every_fault_is_told_with_its_place(content: str, expected: list[str]) -> None:
    assert faults(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("-> " + "[" * 101, "1:104: more than 100 arrays and objects in each other"),
        ('-> {"a": ' + "9" * 5000 + "}", "1:10: the number has too many digits"),
        (">>> " + "(" * 500, "1:5: not a Python expression: too many nested parentheses"),
        (
            ">>> " + "-" * 100_000 + "1",
            "1:5: not a Python expression: too many parentheses and operators in each other",
        ),
    ],
    ids=["depth", "digits", "parentheses", "operators"],
)
def test_what_would_exhaust_a_reader_is_a_fault(content: str, expected: str) -> None:
    assert faults(content) == [expected]


def test_a_step_that_cannot_be_read_makes_no_faults_in_those_that_depend_on_it() -> None:
    assert faults('-> {\n<- {"return": <int:a>}\n-> {"a": ${b}}') == [
        "1:5: the name of a member, in double quotes, is missing"
    ]


@given(
    st.lists(
        st.sampled_from(
            ["->", "<-", "(QEMU)", ">>>", "#", ":name:", " ", "\n", "{", "}", "[", "]", '"', "...", "<int:a>"]
        )
        | st.sampled_from(["${a}", "vm.image(", ")", "=", ",", ":", "execute", "return", "1", "\\", "'", "\r", "true"])
        | st.text(max_size=3)
    ).map("".join)
)
def test_any_text_is_an_example_or_has_faults(content: str) -> None:
    with suppress(SourceError):
        parse(content, Location(path="x", line=1, column=1))


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "first.qmp"
    file.write_text(EXAMPLE)
    example = parse_file(file)
    assert example.header.name == "first"
    assert example.location == Location(path=str(file), line=1, column=1)


def file_faults(path: Path) -> list[str]:
    with pytest.raises(SourceError) as error:
        parse_file(path)
    return [str(finding).removeprefix(str(path)) for finding in error.value.findings]


def test_a_file_has_a_name_in_its_header(tmp_path: Path) -> None:
    file = tmp_path / "x.qmp"
    file.write_text("-> {}\nx")
    assert file_faults(file)[0] == ":1:1: the example has no name: begin with ':name: NAME'"
    assert file_faults(file)[1].startswith(":2:1: a step begins with")


def test_a_file_that_is_not_there_or_no_file_is_a_fault(tmp_path: Path) -> None:
    assert file_faults(tmp_path / "x.qmp") == [": cannot be read: No such file or directory"]
    assert file_faults(tmp_path) == [": cannot be read: Is a directory"]
    os.mkfifo(tmp_path / "fifo.qmp")
    assert file_faults(tmp_path / "fifo.qmp") == [": not a regular file"]


def test_a_file_that_is_not_utf_8_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "x.qmp"
    file.write_bytes(b":name: a\n# \xff\n")
    assert file_faults(file) == [":2:3: not UTF-8"]


def test_a_file_has_at_most_one_mebibyte(tmp_path: Path) -> None:
    file = tmp_path / "x.qmp"
    head = ":name: a\n-> {}\n#"
    file.write_text(head + "x" * (script.MAXIMUM_SIZE - len(head)))
    assert parse_file(file).header.name == "a"
    file.write_text(head + "x" * (script.MAXIMUM_SIZE - len(head) + 1))
    assert file_faults(file) == [": larger than 1048576 bytes"]
