"""The extension's configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config as SphinxConfig
from sphinx.errors import ConfigError

from qapidoc_ext.introspect.recordings import recorded_versions
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.source import Finding, Location

_FOLDER = re.compile(r"[A-Za-z0-9_-]+")
_TAKEN = (
    "command",
    "event",
    "type",
    "module",
    "feature",
    "features",
    "coverage",
    "changes",
    "this-qemu",
    "read-only",
    "index",
)
"""Folders and pages that every namespace has."""


_DEFAULT_UNIONS = {
    "BlockdevOptions": "driver",
    "BlockdevCreateOptions": "create",
    "Netdev": "netdev",
    "ChardevBackend": "chardev",
    "ObjectOptions": "object",
    "Audiodev": "audiodev",
    "DisplayOptions": "display",
}


class Mode(Enum):
    """Which examples run."""

    AUTO = "auto"
    RECORD = "record"
    REPLAY = "replay"
    OFF = "off"


def _about(default: object, description: str) -> dict[str, object]:
    return {"default": default, "description": description}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a `conf.py` says to this extension: each field is a configuration value, `qapidoc_` before its name."""

    schemas: dict[str, str] = field(
        metadata=_about(
            {},
            "Schema files, by the namespace that their definitions are documented in, relative to the folder of "
            "conf.py. An empty path says that this build has no schema for the namespace.",
        )
    )
    branch_pages: dict[str, str] = field(
        metadata=_about(
            _DEFAULT_UNIONS,
            "Unions that get a page for each branch, and the word for such a branch, which is the folder of these "
            "pages too. Every other union with at least ten branches gets such pages too, in a folder of its name.",
        )
    )
    reference: str = field(
        metadata=_about("reference", "Folder of the generated pages, below the source folder. It is all ours.")
    )
    srctree: str = field(
        metadata=_about("", "QEMU's source tree, relative to the folder of conf.py; `qapi-doc` names files below it.")
    )
    qemu: str = field(
        metadata=_about("", "Folder of QEMU's programs, relative to the folder of conf.py. Empty: they are on PATH.")
    )
    host_steps: bool = field(
        metadata=_about(default=True, description="Whether examples may have steps outside QEMU, in their own folder.")
    )
    confined: bool = field(
        metadata=_about(default=False, description="Whether an example fails where its QEMU cannot be fully confined.")
    )
    programs: dict[str, str] = field(
        metadata=_about(
            {"qmp": "qemu-system-x86_64", "qsd": "qemu-storage-daemon"},
            "QEMU's program that has the interface of a namespace, by namespace: it is started and compared with the "
            "schema. A namespace that is not named is compared with nothing.",
        )
    )
    compared: list[str] = field(
        metadata=_about(
            [],
            "Recorded versions of QEMU of which each two get a page that says what changed; two that follow each other "
            "have one anyway. Empty: the last ones of each major version.",
        )
    )
    record: str = field(
        metadata=_about(
            "auto",
            "Which examples run. 'auto': those that have changed, or whose QEMU has. 'record': all, and they are "
            "recorded. 'replay': none, all are shown as they are recorded. 'off': all, without recordings.",
        )
    )
    recordings: str = field(
        metadata=_about("", "Folder of the recordings, relative to the folder of conf.py. Empty: there are none.")
    )


def register(app: Sphinx) -> None:
    """Make the configuration values known to Sphinx."""
    for item in fields(Config):
        default = item.metadata["default"]
        app.add_config_value(f"qapidoc_{item.name}", default, "env", [type(default)], item.metadata["description"])
    # These two are QEMU's, and have its names.
    fields_ = "Names of fields that the description of a definition may have besides those of the domain."
    app.add_config_value("qapi_allowed_fields", frozenset(), "env", [set, frozenset, list, tuple], fields_)
    namespaces = "Namespaces of hand-written documentation and of `qapi-doc` that get an index of their own."
    app.add_config_value("qapi_namespaces", frozenset(), "env", [set, frozenset, list, tuple], namespaces)


def config_of(config: SphinxConfig) -> Config:
    """The extension's part of the configuration."""
    values: dict[str, Any] = {item.name: config[f"qapidoc_{item.name}"] for item in fields(Config)}
    return Config(**values | {"reference": values["reference"].strip("/")})


def is_generated(config: SphinxConfig, docname: str) -> bool:
    """Whether a document is a page of the reference, whose source this program writes."""
    return docname.startswith(f"{config_of(config).reference}/")


def programs_of(app: Sphinx) -> Programs:
    """QEMU's programs, where the configuration says."""
    folder = config_of(app.config).qemu
    return Programs(folder=str(app.confdir / folder) if folder else "")


def check_config(app: Sphinx, config: SphinxConfig) -> None:
    """Nothing, where every value is what it must be.

    :raise ConfigError: one is not; Sphinx prints the message and ends.
    """
    del app
    for item in fields(Config):
        _check(f"qapidoc_{item.name}", config[f"qapidoc_{item.name}"], item.metadata["default"])
    for version in config.qapidoc_compared:
        if version not in recorded_versions():
            known = ", ".join(recorded_versions())
            raise ConfigError(f"qapidoc_compared: there is no recording of {version!r}; there are those of {known}")
    modes = [mode.value for mode in Mode]
    if config.qapidoc_record not in modes:
        raise ConfigError(f"qapidoc_record is one of {', '.join(modes)}, not {config.qapidoc_record!r}")
    if config.qapidoc_record in {"record", "replay"} and not config.qapidoc_recordings:
        raise ConfigError(f"qapidoc_record is {config.qapidoc_record!r}, and qapidoc_recordings names no folder")


def _check(name: str, value: object, default: object) -> None:
    if not isinstance(value, type(default)):
        raise ConfigError(f"{name} must be a {type(default).__name__}, not {value!r}")
    if isinstance(value, dict):
        for key, text in value.items():
            if not isinstance(key, str) or not isinstance(text, str):
                raise ConfigError(f"{name}: both {key!r} and {text!r} must be strings")
            folder = key if name in {"qapidoc_schemas", "qapidoc_programs"} else text
            if not _FOLDER.fullmatch(folder):
                raise ConfigError(f"{name}: {folder!r} names a folder of pages; it may have letters, digits, - and _")
        if name == "qapidoc_branch_pages":
            _check_words(name, value)


def _check_words(name: str, words: dict[str, str]) -> None:
    """Each union has a folder of its own, on file systems too that do not tell letters by their case."""
    taken = dict.fromkeys(_TAKEN, "the reference itself")
    for union, word in words.items():
        if other := taken.get(word.casefold()):
            raise ConfigError(f"{name}: the pages of {union!r} cannot be in {word!r}, which belongs to {other}")
        taken[word.casefold()] = repr(union)


def wrong_unions(config: Config, references: Mapping[str, Reference]) -> Iterator[Finding]:
    """The unions that are configured and that no schema has, where all schemas are there; names that nobody chose.

    A union that gets its pages because it has many branches, and whose name is taken, needs a word.
    """
    found = {name for reference in references.values() for name in reference.unions}
    is_whole = len(references) == len(config.schemas) and all(item.schema.is_complete for item in references.values())
    for name in config.branch_pages if is_whole and config.branch_pages != _DEFAULT_UNIONS else ():
        if name not in found:
            yield _fault(f"there is no union '{name}' in any schema")
    for name in found - set(config.branch_pages):
        if name.casefold() in {*_TAKEN, *map(str.casefold, config.branch_pages.values())}:
            yield _fault(f"give a word to the union '{name}': its pages cannot be in a folder of this name")


def _fault(message: str) -> Finding:
    return Finding(location=Location(path="conf.py"), message=f"qapidoc_branch_pages: {message}")
