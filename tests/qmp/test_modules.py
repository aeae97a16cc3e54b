from __future__ import annotations

import json
import os
import re
import select
import sys
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from qapidoc_ext.introspect.item import Item
from qapidoc_ext.introspect.reply import Command, Introspection, Object, decode, encode
from qapidoc_ext.qmp.introspection import ask
from qapidoc_ext.qmp.listed import listed
from qapidoc_ext.qmp.machine import MachineError
from qapidoc_ext.qmp.modules import without_module
from qapidoc_ext.qmp.programs import STORAGE_DAEMON, ProgramError, Programs

pytestmark = pytest.mark.usefixtures("nothing_is_left")


@pytest.fixture
def storage_daemon(programs: Programs) -> Path:
    try:
        return programs.find(STORAGE_DAEMON)
    except ProgramError as error:
        pytest.skip(str(error))


def cases(command_name: str, introspection: Introspection) -> set[str]:
    command = introspection.entities[command_name]
    assert isinstance(command, Command)
    options = introspection.entities[command.arg_type]
    assert isinstance(options, Object)
    return {variant.case for variant in options.variants}


def test_a_qemu_says_which_it_is_and_what_it_has(program: Path) -> None:
    qemu, introspection = ask(program)
    assert re.fullmatch(r"\d+\.\d+\.\d+", qemu.version)
    assert "query-qmp-schema" in introspection.entities


def test_the_storage_daemon_has_an_interface_of_its_own(storage_daemon: Path) -> None:
    _, introspection = ask(storage_daemon)
    assert "blockdev-add" in introspection.entities
    assert "migrate" not in introspection.entities


def names(union: str, items: Iterable[Item]) -> set[str]:
    return {item.part.name for item in items if item.definition == union and item.part}


def test_drivers_that_qemu_was_linked_with_are_no_modules(program: Path) -> None:
    _, introspection = ask(program)
    missing = names("BlockdevOptions", without_module(program, introspection))
    assert missing < cases("blockdev-add", introspection)
    assert not missing & {"file", "null-co", "qcow2", "raw", "nbd", "throttle", "vvfat"}


def test_a_driver_that_is_missing_makes_no_images_either(program: Path) -> None:
    missing = without_module(program, ask(program)[1])
    assert (
        names("BlockdevCreateOptions", missing) == names("BlockdevDriver", missing) == names("BlockdevOptions", missing)
    )


@pytest.mark.parametrize(
    ("union", "name", "module"), [("BlockdevOptions", "ssh", "block-ssh.so"), ("DisplayOptions", "gtk", "ui-gtk.so")]
)
def test_a_driver_or_a_display_is_missing_where_its_module_is(
    program: Path, union: str, name: str, module: str
) -> None:
    folders = [*Path("/usr/lib").glob("*/qemu"), Path("/usr/lib/qemu")]
    if program.parent != Path("/usr/bin") or not any(folder.is_dir() for folder in folders):
        pytest.skip("this QEMU is not the one whose modules are installed below /usr/lib")
    is_installed = any((folder / module).exists() for folder in folders)
    _, introspection = ask(program)
    assert (name in names(union, without_module(program, introspection))) is (not is_installed)


def test_the_storage_daemon_does_not_know_all_types_of_objects_that_its_schema_has(storage_daemon: Path) -> None:
    _, introspection = ask(storage_daemon)
    if "iothread" not in cases("object-add", introspection):
        pytest.skip("its object-add takes any type")
    missing = names("ObjectOptions", without_module(storage_daemon, introspection))
    assert missing < cases("object-add", introspection)
    assert "memory-backend-ram" in missing
    assert not missing & {"iothread", "secret", "throttle-group", "tls-creds-x509"}


OBJECTS = """[
    {"name": "str", "meta-type": "builtin", "json-type": "string"},
    {"name": "enum", "meta-type": "enum", "values": ["rng", "secret", "can-bus"]},
    {"name": "none", "meta-type": "object", "members": []},
    {"name": "options", "meta-type": "object", "members": [{"name": "qom-type", "type": "enum"}], "tag": "qom-type",
     "variants": [{"case": "rng", "type": "none"}, {"case": "secret", "type": "none"}]},
    {"name": "object-add", "meta-type": "command", "arg-type": "options", "ret-type": "none"}
]"""


LISTING = """
import json, os, re, sys, time

monitor = int(re.search(r"fd=([0-9]+)", " ".join(sys.argv))[1])

def say(message):
    os.write(monitor, json.dumps(message).encode() + b"\\n")

say({"QMP": {"version": {"qemu": {"major": 9, "minor": 9, "micro": 9}, "package": ""}, "capabilities": []}})
for key, listed in [("return", {}), (KEY, json.loads(LISTED))]:
    say({key: listed, "id": json.loads(os.read(monitor, 4096)).get("id")})
time.sleep(60)
"""
"""A program that greets, and answers its second command."""


@pytest.fixture
def listing(tmp_path: Path) -> Callable[..., Path]:
    def program(listed: str, key: str = "return") -> Path:
        path = tmp_path / "qemu"
        script = LISTING.replace("KEY", repr(key)).replace("LISTED", repr(listed))
        path.write_text(f"#!{sys.executable} -S\n{script}")
        path.chmod(0o755)
        return path

    return program


def test_a_type_of_object_without_options_of_its_own_is_told_too(listing: Callable[[str], Path]) -> None:
    missing = without_module(listing('[{"name": "secret"}]'), decode(json.loads(OBJECTS)))
    assert names("ObjectType", missing) == {"rng", "can-bus"}
    assert "rng" in names("ObjectOptions", missing)


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ('[{"name": ["rng"]}]', "Expected `str`, got `array` - at `$[0].name`"),
        ('{"rng": 1}', "Expected `array`, got `object`"),
        ('[{"name": "rng"}, {}]', "Object missing required field `name` - at `$[1]`"),
    ],
)
def test_types_that_are_none_are_told(listed: str, message: str, listing: Callable[[str], Path]) -> None:
    with pytest.raises(MachineError) as raised:
        without_module(listing(listed), decode(json.loads(OBJECTS)))
    assert str(raised.value) == f"QEMU's reply to qom-list-types is not one: {message}"


CHARDEVS = """[
    {"name": "enum", "meta-type": "enum", "values": ["null", "vc"]},
    {"name": "none", "meta-type": "object", "members": []},
    {"name": "backend", "meta-type": "object", "members": [{"name": "type", "type": "enum"}], "tag": "type",
     "variants": [{"case": "null", "type": "none"}, {"case": "vc", "type": "none"}]},
    {"name": "arguments", "meta-type": "object", "members": [{"name": "backend", "type": "backend"}]},
    {"name": "chardev-add", "meta-type": "command", "arg-type": "arguments", "ret-type": "none"}
]"""


def test_a_character_device_that_is_no_type_is_missing(listing: Callable[[str], Path]) -> None:
    missing = without_module(listing('[{"name": "chardev-null"}]'), decode(json.loads(CHARDEVS)))
    assert names("ChardevBackend", missing) == names("ChardevBackendKind", missing) == {"vc"}


@pytest.mark.parametrize("schema", [OBJECTS, CHARDEVS])
@pytest.mark.parametrize(("key", "listed"), [("return", "[]"), ("error", '{"class": "GenericError", "desc": "no"}')])
def test_where_no_types_are_listed_nothing_is_missing(
    schema: str, key: str, listed: str, listing: Callable[..., Path]
) -> None:
    assert without_module(listing(listed, key), decode(json.loads(schema))) == frozenset()


BACKENDS = """[
    {"name": "enum", "meta-type": "enum", "values": ["here", "gone", "default", "nic", "none"]},
    {"name": "none", "meta-type": "object", "members": []},
    {"name": "backend", "meta-type": "object", "members": [{"name": "type", "type": "enum"}], "tag": "type",
     "variants": [{"case": "here", "type": "none"}, {"case": "gone", "type": "none"}]},
    {"name": "[backend]", "meta-type": "array", "element-type": "backend"},
    {"name": "netdev_add", "meta-type": "command", "arg-type": "backend", "ret-type": "none"},
    {"name": "query-audiodevs", "meta-type": "command", "arg-type": "none", "ret-type": "[backend]"},
    {"name": "query-display-options", "meta-type": "command", "arg-type": "none", "ret-type": "backend"}
]"""


@pytest.mark.parametrize(
    ("option", "enum", "union", "missing"),
    [
        ("display", "DisplayType", "DisplayOptions", {"gone", "nic", "none"}),
        ("netdev", "NetClientDriver", "Netdev", {"gone", "default"}),
        ("audiodev", "AudiodevDriver", "Audiodev", {"gone", "default", "nic", "none"}),
    ],
)
def test_a_backend_that_is_not_listed_is_missing(
    option: str, enum: str, union: str, missing: set[str], listing: Callable[..., Path]
) -> None:
    program = listing("[]")
    lists = f"import sys\nif sys.argv[1:] == ['-{option}', 'help']:\n    sys.exit(print('Available ones:\\nhere'))\n"
    first, rest = program.read_text().split("\n", 1)
    program.write_text(f"{first}\n{lists}{rest}")
    found = without_module(program, decode(json.loads(BACKENDS)))
    assert {item.definition for item in found} == {enum, union}
    assert names(enum, found) == names(union, found) == missing


def test_the_storage_daemon_does_not_know_all_character_devices_that_its_schema_has(storage_daemon: Path) -> None:
    missing = names("ChardevBackend", without_module(storage_daemon, ask(storage_daemon)[1]))
    assert {"vc", "msmouse"} < missing
    assert not missing & {"null", "socket", "stdio", "pty"}


def test_backends_that_qemu_lists_or_that_another_option_takes_are_not_missing(program: Path) -> None:
    missing = without_module(program, ask(program)[1])
    assert names("Netdev", missing) == names("NetClientDriver", missing)
    assert not names("Netdev", missing) & {"none", "nic", "user", "hubport", "socket"}
    assert not names("DisplayOptions", missing) & {"none", "default"}


@pytest.fixture
def saying(tmp_path: Path) -> Callable[[str], Path]:
    def program(script: str) -> Path:
        path = tmp_path / "qemu"
        path.write_text(f"#!/bin/sh\n{script}")
        path.chmod(0o755)
        return path

    return program


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Available backends:\nnone\nspice-app\n", {"none", "spice-app"}),
        ("Available display backend types:\nnone\n\nSome have suboptions.\n", {"none"}),
        ("Available backends:\nnone\nspice-app (with a client)\n", set()),
        ("Some words\nAvailable backends:\nnone\n", set()),
        ("Available backends:\n\033[1mnone\n", set()),
        ("Available backends:\n", set()),
        ("none\n", set()),
    ],
)
def test_only_what_is_a_list_is_one(said: str, names: set[str], saying: Callable[[str], Path]) -> None:
    assert listed(saying(f"printf '{said}'"), "display") == names


def test_a_list_of_a_program_that_fails_is_none(saying: Callable[[str], Path]) -> None:
    assert listed(saying("printf 'Available backends:\nnone\n'; exit 1"), "display") == frozenset()


NOT_ENDED = "it did not end within 0.5 seconds"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("exec sleep 60", NOT_ENDED),
        ("sleep 60", NOT_ENDED),  # which the shell has begun
        ("printf 'Available backends:\nnone\n'; exec >&-; exec sleep 60", NOT_ENDED),
        ("printf 'Available backends:\nnone\n'; sleep 60 &", NOT_ENDED),  # which could write more
        ("exec yes", NOT_ENDED),
        ("printf 'Available backends:\nnone\n'; kill -SEGV $$", "it was killed by SIGSEGV"),
    ],
)
def test_a_program_that_does_not_list_is_told(
    script: str, told: str, saying: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qapidoc_ext.qmp.listed._SECONDS", 0.5)
    with pytest.raises(MachineError, match=rf"qemu -netdev help: {told}$"):
        listed(saying(script), "netdev")


def test_a_program_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"qemu -netdev help: No such file"):
        listed(tmp_path / "qemu", "netdev")


@pytest.mark.parametrize("script", ["sleep 60", "sleep 60 & printf 'Available backends:\nnone\n'"])
def test_what_a_program_has_begun_that_does_not_end_is_killed(
    script: str, tmp_path: Path, saying: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qapidoc_ext.qmp.listed._SECONDS", 0.5)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    end = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(MachineError):
        listed(saying(f"exec 3>'{fifo}'\n{script}"), "netdev")
    poll = select.poll()
    poll.register(end, 0)
    assert poll.poll(5000) == [(end, select.POLLHUP)]  # all have ended that could write
    os.close(end)


def test_of_what_a_program_says_without_end_little_is_read(
    saying: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qapidoc_ext.qmp.listed._SECONDS", 0.5)
    tracemalloc.start()
    with pytest.raises(MachineError):
        listed(saying("exec yes"), "netdev")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


def test_without_what_can_be_missing_nothing_is_asked(program: Path) -> None:
    _, introspection = ask(program)
    asked = {"blockdev-add", "object-add", "chardev-add", "netdev_add", "query-display-options", "query-audiodevs"}
    other = decode([item for item in encode(introspection) if item["name"] not in asked])
    assert without_module(program, other) == frozenset()
