"""What the text of a member states: only what is sure."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Alternate, Branch, Enum, Member, Schema, TypeRef, Value
from qapidoc_ext.schema.stated import default, instead, since
from qapidoc_ext.source import Location, Prose

HERE = Location(path="x.json", line=1)
ENUM = Enum(
    name="Mode",
    module="x",
    location=HERE,
    start=HERE,
    values=(Value(name="auto", location=HERE), Value(name="off", location=HERE)),
)
FLAG_OR_MODE = Alternate(
    name="FlagOrMode",
    module="x",
    location=HERE,
    start=HERE,
    alternatives=(
        Branch(name="many", type=TypeRef(name="int", is_array=True, location=HERE), location=HERE),
        Branch(name="flag", type=TypeRef(name="bool", location=HERE), location=HERE),
        Branch(name="mode", type=TypeRef(name="Mode", location=HERE), location=HERE),
    ),
)
SCHEMA = Schema(definitions={"Mode": ENUM, "FlagOrMode": FLAG_OR_MODE})
Text = Callable[[str], Prose]


def text(words: str) -> Prose:
    return Prose(text=words, location=HERE)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("how bright (since 2.9)", "2.9"),
        ("how bright (Since: 2.10.1).", "2.10.1"),
        ("how bright\n(default: 1, since 2.9)", "2.9"),
        ("how bright (since 6.1; default: 1)", "6.1"),
        ("how bright (default: 1) (since QEMU 2.9)", "2.9"),
        ("how bright (since: 10.1 -- since 9.1 on something --).", "10.1"),
        ("how bright.\nSince 2.9.", "2.9"),
        ("how bright.  Since v2.9", "2.9"),
        ("how bright\nSince: 2.11", "2.11"),
        ("how bright.  Since 2.9 it can be dim.", ""),
        ("it can be dim since 2.9.", ""),
        ("more than one can be given\nsince 2.9.", ""),
        ("how bright (Since 2.1) (default: 1)", "2.1"),
        ("Since 3.0", "3.0"),
        ("how bright", ""),
        ("how bright (since 2.10).  Zero is dark (since 3.0).", "2.10"),
        ("how bright (since 2.10).  Before (since 2.9), zero was dark.", "2.9"),
        ("how long since it was lit (since 1.2)", "1.2"),
        ("Deprecated since 5.0, use something else.", ""),
        ("how bright (deprecated since 6.0)", ""),
        ("how bright (since 2.9, deprecated since 2.1)", "2.9"),
        ("how bright (default: 1; ignored since 6.0)", ""),
        ("Since 6.0 it can be dim.", ""),
        ("how bright (Since 2.4 (`one`), 3.1 (`other`))", "2.4"),
    ],
)
def test_since(words: str, expected: str) -> None:
    assert since(text(words)) == expected


@pytest.mark.parametrize(
    ("type_", "words", "expected"),
    [
        ("bool", "Defaults to true. (Since 2.12)", "true"),
        ("bool", "(default: false; since: 4.1)", "false"),
        ("bool", "(default: on)", "true"),
        ("bool", 'Defaults to "off".  (Since 9.0)', "false"),
        ("bool", "enable/disable clipboard, default is disabled.", "false"),
        ("bool", "(default: auto)", ""),
        ("bool", "append (default false to truncate) (Since 2.6)", "false"),
        ("bool", "default true (for one backend)", ""),
        ("int", "The default is 0, for unlimited.", "0"),
        ("int", "default 1048576 (1M)", "1048576"),
        ("int", "default 600 (on some platforms)", ""),
        ("int", "0 selects a default behaviour (default: 0)", "0"),
        ("size", "(default: 1 MB, since 5.1)", "1 MB"),
        ("size", "Defaults to 512 bytes.", "512"),
        ("number", "Defaults to 1.0. (Since 10.1)", "1.0"),
        ("number", "Defaults to none.", ""),
        ("Mode", "default 'off' (no limits, since this is another device)", "off"),
        ("Mode", "Default is @off.", "off"),
        ("Mode", "(default: off; allowed values: off, auto)", "off"),
        ("bool", 'on some devices this will default to "on", as these can. Otherwise it defaults to "off".', ""),
        ("bool", "default false for one backend, true otherwise", ""),
        ("bool", "default is true (since 1.1), on Windows the default is false", ""),
        ("Mode", "the mode (default: auto, since 2.10)", "auto"),
        ("Mode", "Default is 'off'.", "off"),
        ("Mode", "default: none", ""),
        ("str", "Defaults to “x”, or so", ""),
        ("str", 'name (default: "localhost")', '"localhost"'),
        ("str", "format to open with (defaults to the probed format)", ""),
        ("uint32", "The default value is 10. (Since 2.7)", "10"),
        ("size", "granularity, default is 64K", "64K"),
        ("int", "The default value is 600 on supporting platforms, and 0 on others.", ""),
        ("Elsewhere", "Default is 'off'.", ""),
        ("bool", "if false (the default), it asks first; if true, it does not", "false"),
        ("bool", "if false (default on one device), it asks first", ""),
        ("bool", "a small one (true) or a big one (false; default)", "false"),
        ("str", '"one", "two" (default), or "three"', '"two"'),
        ("Mode", "In this mode (the default), it tries one after the other (default: auto)", "auto"),
        ("FlagOrMode", "Defaults to false.", "false"),
        ("FlagOrMode", "defaults to 'auto' (since 2.2)", "auto"),
        ("FlagOrMode", "defaults to 12", ""),
    ],
)
def test_default(type_: str, words: str, expected: str) -> None:
    reference = TypeRef(name=type_, location=HERE)
    member = Member(name="m", type=reference, is_optional=True, doc=text(words), location=HERE)
    schema = SCHEMA if type_ != "Elsewhere" else Schema()
    assert default(member, schema) == expected


def test_what_is_mandatory_or_an_array_has_no_default() -> None:
    reference = TypeRef(name="bool", location=HERE)
    words = text("Defaults to true.")
    assert not default(Member(name="m", type=reference, doc=words, location=HERE), SCHEMA)
    for type_ in "bool", "FlagOrMode":
        many = TypeRef(name=type_, is_array=True, location=HERE)
        assert not default(Member(name="m", type=many, is_optional=True, doc=words, location=HERE), SCHEMA)


def test_what_to_use_instead() -> None:
    found = instead(text("Members @base and @top are deprecated.  Use @base-node and\n@top-node instead."))
    assert [prose.text for prose in found] == ["@base-node and @top-node"]
    assert instead(text("This command is deprecated with no replacement yet.")) == ()
    assert instead(None) == ()


def test_of_a_real_schema_many_texts_state_something(qemu_schema: Path) -> None:
    schema = load(qemu_schema).schema
    file = schema.definitions["BlockdevOptionsFile"]
    members = {member.name: member for member in getattr(file, "members", ())}
    assert default(members["locking"], schema) == "auto"
    assert since(members["locking"].doc) == "2.10"
    assert default(members["aio"], schema) == "threads"
