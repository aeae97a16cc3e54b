"""Whatever a file holds: there is a schema, and every fault is in the file."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qapidoc_ext.schema.dialect import ANY, DIALECTS, Dialect
from qapidoc_ext.schema.load import load

FRAGMENTS = [
    *("{", "}", "[", "]", ":", ",", "'", "\n", "##\n", "# ", "# @a:\n", "true", "false", "\\", "@", "= H", "\t", "\0"),
    *("##\n", "#\n", "# @b: x\n", "#     y\n", "# Since: 1\n", "# .. qmp-example::\n", "# One. Two\n", "# Note: z\n"),
    *(f"'{word}'" for word in "struct union enum alternate command event data base if all not any features".split()),
    *("{ 'struct': 'A', 'data': {} }\n", "Features:\n", "Returns: x\n", "{ 'include': 'schema.json' }\n"),
]


@given(
    text=st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join) | st.text(max_size=200),
    dialect=st.sampled_from([ANY, *DIALECTS.values()]),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gives_a_schema_and_faults_inside_the_file(tmp_path: Path, text: str, dialect: Dialect) -> None:
    path = tmp_path / "schema.json"
    path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in load(path, dialect).findings:
        assert finding.location.path == str(path)
        assert 0 <= finding.location.line <= len(lines)
        assert finding.location.column <= len(lines[finding.location.line - 1]) + 1


JSON = st.recursive(
    st.booleans() | st.sampled_from(["str", "A", "*a", "CONFIG_A", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "type", "if", "all", "not", "features", "*b"]), inner, max_size=4)
    ),
    max_leaves=12,
)
KINDS = ["struct", "union", "enum", "alternate", "command", "event", "include", "pragma"]
KEYS = ["data", "base", "discriminator", "if", "features", "returns", "boxed", "gen", "prefix", "other"]


@given(
    expressions=st.lists(st.dictionaries(st.sampled_from(KINDS + KEYS), JSON, max_size=5), max_size=4),
    dialect=st.sampled_from([ANY, *DIALECTS.values()]),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_objects_give_a_schema(tmp_path: Path, expressions: list[object], dialect: Dialect) -> None:
    path = tmp_path / "schema.json"
    path.write_text("\n".join(json.dumps(expression).replace('"', "'") for expression in expressions))
    load(path, dialect)


NAMES = st.sampled_from(["A", "B", "C", "D"])
MEMBERS = st.dictionaries(st.sampled_from(["a", "*b", "kind"]), NAMES | st.just("str"), max_size=2)
DEFINITIONS = st.lists(
    st.builds(lambda name, base, data: {"struct": name, "base": base, "data": data}, NAMES, NAMES, MEMBERS)
    | st.builds(lambda name, data: {"struct": name, "data": data}, NAMES, MEMBERS)
    | st.builds(lambda name, data: {"alternate": name, "data": data}, NAMES, MEMBERS)
    | st.builds(lambda name: {"enum": name, "data": ["a", "b"]}, NAMES)
    | st.builds(lambda data: {"command": "c", "data": data}, NAMES)
    | st.builds(
        lambda name, base, data: {"union": name, "base": base, "discriminator": "kind", "data": data},
        NAMES,
        NAMES | MEMBERS,
        st.dictionaries(st.sampled_from(["a", "b"]), NAMES, max_size=2),
    ),
    max_size=6,
)


@given(expressions=DEFINITIONS, dialect=st.sampled_from([ANY, *DIALECTS.values()]))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_definitions_that_refer_to_each_other_in_any_way(
    tmp_path: Path, expressions: list[object], dialect: Dialect
) -> None:
    path = tmp_path / "schema.json"
    path.write_text("\n".join(json.dumps(expression).replace('"', "'") for expression in expressions))
    load(path, dialect)


def test_types_that_hold_each_other_without_end(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    structs = [f"{{ 'struct': 'A{number}', 'base': 'A{number + 1}', 'data': {{}} }}" for number in range(5000)]
    path.write_text("\n".join([*structs, "{ 'struct': 'A5000', 'data': {} }"]))
    assert findings(path)[0] == "FILE:65:13: 'A64' nests deeper than 64 types"


def test_unions_in_branches_that_double_with_each_level(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    unions = [
        f"{{ 'union': 'U{number}', 'base': {{ 'k{number}': 'E' }}, 'discriminator': 'k{number}',"
        f" 'data': {{ 'a': 'U{number + 1}', 'b': 'U{number + 1}' }} }}"
        for number in range(50)
    ]
    path.write_text("\n".join([*unions, "{ 'struct': 'U50', 'data': {} }", "{ 'enum': 'E', 'data': [ 'a', 'b' ] }"]))
    assert findings(path) == []


def findings(path: Path) -> list[str]:
    return [str(finding).replace(str(path), "FILE") for finding in load(path).findings]


def test_no_such_file(tmp_path: Path) -> None:
    assert findings(tmp_path / "schema.json") == ["FILE: cannot be read: No such file or directory"]


def test_a_path_that_no_file_can_have() -> None:
    [fault] = load(Path("a\0b")).findings
    assert fault.message == "cannot be read: the path holds a NUL character"


def test_a_folder(tmp_path: Path) -> None:
    assert findings(tmp_path) == ["FILE: cannot be read: Is a directory"]


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(path := tmp_path / "fifo")
    assert findings(path) == ["FILE: not a regular file"]


def test_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_bytes(b"# good\n# b\xe4d\n")
    assert findings(path) == ["FILE:2:4: not UTF-8"]


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text("'" + "a" * 8_400_000)
    assert findings(path) == ["FILE: larger than 8388608 bytes"]


def test_a_long_line_of_one_string(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text("'" + "a" * 1_000_000)
    assert findings(path) == ["FILE:1:1: this string does not end on its line; a closing ' is missing"]


def test_nothing_but_nul_bytes_is_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_bytes(b"\0" * 1_000_000)
    assert findings(path) == ["FILE:1:1: stray '" + "\\x00" * 40 + "' ..."]


def test_lines_end_as_on_any_system(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_bytes(b"##\r\n# @Ab:\r\n#\r\n# Text.\r\n##\r\n{ 'enum': 'Ab', 'data': [] }\r\n# old\rx")
    assert findings(path) == ["FILE:8:1: stray 'x'"]


def test_a_link_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.symlink_to(path)
    assert findings(path) == ["FILE: cannot be read: Too many levels of symbolic links"]


@pytest.mark.parametrize(("end", "lines"), [("#", [5]), ("##", [5])])
def test_no_fault_lies_behind_a_comment_without_end(tmp_path: Path, end: str, lines: list[int]) -> None:
    path = tmp_path / "schema.json"
    path.write_text(f"##\n# @Ab:\n#\n# Features:\n{end}")
    assert [finding.location.line for finding in load(path, DIALECTS["10.2"]).findings][:1] == lines
    assert all(finding.location.line <= 5 for finding in load(path, DIALECTS["10.2"]).findings)


def test_a_file_that_includes_itself_under_another_name(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text("{ 'include': 'link.json' }\n{ 'enum': 'Ab', 'data': [] }")
    (tmp_path / "link.json").symlink_to("schema.json")
    [first, *_] = findings(tmp_path / "schema.json")
    assert first == "FILE:1:1: link.json includes this file, directly or through others"


def test_deep_nesting(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text("{'a':" * 20_000)
    assert findings(path) == ["FILE:1:321: values nest deeper than 64"]


def test_a_chain_of_includes(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number}.json").write_text(f"{{ 'include': '{number + 1}.json' }}")
    [finding] = load(tmp_path / "0.json").findings
    assert str(finding) == f"{tmp_path}/31.json:1:1: includes nest deeper than 32"


def test_a_condition_that_nests_without_end(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text("{ 'struct': 'A', 'data': {}, 'if': '" + "(" * 10_000 + "' }")
    assert findings(path) == []


def test_a_base_that_has_itself_as_base(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text(
        "{ 'struct': 'A', 'data': {}, 'base': 'A' }\n{ 'union': 'U', 'base': 'A', 'discriminator': 'x', 'data': {} }"
    )
    assert findings(path) == [
        "FILE:1:13: 'A' contains itself",
        "FILE:2:12: the base has no member 'x', which the discriminator names",
    ]
