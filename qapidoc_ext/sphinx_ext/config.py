"""The extension's configuration."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from pathlib import PurePosixPath
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config as SphinxConfig

from qapidoc_ext.qmp.programs import Programs

DEFAULT_UNIONS = {
    "BlockdevOptions": "driver",
    "BlockdevCreateOptions": "create",
    "Netdev": "netdev",
    "ChardevBackend": "chardev",
    "ObjectOptions": "object",
    "Audiodev": "audiodev",
    "DisplayOptions": "display",
}
"""Those of QEMU that have pages for their branches, and the word for one."""

DEFAULT_PROGRAMS = {"qmp": "qemu-system-x86_64", "qsd": "qemu-storage-daemon"}
"""Those that have the interfaces of QEMU's own schemas, by namespace."""

PREFIX = "qapidoc_"
"""What the name of a configuration value begins with."""


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
            DEFAULT_UNIONS,
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
            DEFAULT_PROGRAMS,
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
        app.add_config_value(f"{PREFIX}{item.name}", default, "env", [type(default)], item.metadata["description"])
    # These two are QEMU's, and have its names.
    fields_ = "Names of fields that the description of a definition may have besides those of the domain."
    app.add_config_value("qapi_allowed_fields", frozenset(), "env", [set, frozenset, list, tuple], fields_)
    namespaces = "Namespaces of hand-written documentation and of `qapi-doc` that get an index of their own."
    app.add_config_value("qapi_namespaces", frozenset(), "env", [set, frozenset, list, tuple], namespaces)


def config_of(config: SphinxConfig) -> Config:
    """The extension's part of the configuration."""
    values: dict[str, Any] = {item.name: config[f"{PREFIX}{item.name}"] for item in fields(Config)}
    return Config(**values | {"reference": str(PurePosixPath(values["reference"]))})


def is_generated(config: SphinxConfig, docname: str) -> bool:
    """Whether a document is a page of the reference, whose source this program writes."""
    return docname.startswith(f"{config_of(config).reference}/")


def programs_of(app: Sphinx) -> Programs:
    """QEMU's programs, where the configuration says."""
    folder = config_of(app.config).qemu
    return Programs(folder=str(app.confdir / folder) if folder else "")
