"""What of an example can be checked by an interface alone."""

from functools import cache

import pytest

from qapidoc_ext.introspect.recordings import recordings
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.qmp.allowed import faults, is_meant_for
from qapidoc_ext.qmp.script import parse
from qapidoc_ext.source import Location

AT = Location("a.qmp", 1, 1)


@cache
def qemu(version: str) -> Introspection:
    return recordings()[version]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('-> { "execute": "query-status" }', []),
        ('-> { "execute": "blockdev-add", "arguments": { "driver": "null-co", "node-name": "n" } }', []),
        ('-> { "execute": "no-such" }\n<- { "error": { "class": "CommandNotFound", ... } }', []),
        ("(QEMU) blockdev-del node-name=5", ["a.qmp:1:31: $.arguments.node-name: expected a string, got 5"]),
        ('-> { "execute": "query-statu" }', ["a.qmp:1:17: $.execute: there is no command 'query-statu'"]),
        (
            (
                '-> { "execute": "query-fdsets" }\n<- { "return": [ { "fdset-id": <int:n>, ... } ] }\n'
                '-> { "execute": "remove-fd", "arguments": { "fdset-id": ${n}, "fdd": ${n} } }'
            ),
            ["a.qmp:3:70: $.arguments.fdd: there is no member 'fdd'"],
        ),
        ('-> { "execute": "stop" }\n-> { "execute": "stopp" }\n<- { "error": { "class": "GenericError", ... } }', []),
        (
            '-> { "execute": "stopp" }\n-> { "execute": "stop" }\n<- { "return": {} }',
            ["a.qmp:1:17: $.execute: there is no command 'stopp'"],
        ),
    ],
)
def test_what_no_qemu_takes_is_located(text: str, found: list[str]) -> None:
    said = [str(fault) for fault in faults(parse(text, AT), qemu("8.2.0"), "vm")]
    assert [line.partition(";")[0] for line in said] == found


@pytest.mark.parametrize(
    ("requires", "version", "is_meant"),
    [
        ("query-yank", "8.2.0", True),
        ("query-yank", "5.2.0", False),
        ("qemu>=8.2", "8.2.0", True),
        ("qemu>=8.2", "5.2.0", False),
        ("qemu>=8.2", "", False),
        ("qemu<8.2", "5.2.0", True),
        ("qemu<8.2", "8.2.0", False),
        ("kvm, program:qemu-nbd", "8.2.0", True),
    ],
)
def test_an_example_is_checked_only_by_what_it_is_meant_for(requires: str, version: str, is_meant: bool) -> None:  # noqa: FBT001
    script = parse(f":requires: {requires}\n-> {{}}", AT)
    assert is_meant_for(script, qemu(version or "8.2.0"), version) is is_meant
