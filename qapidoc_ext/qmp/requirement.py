"""What an example requires, in the option `requires`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from qapidoc_ext.introspect import probe
from qapidoc_ext.introspect.recordings import Version, version
from qapidoc_ext.source import Location

_BOUND = re.compile(r"qemu\s*(?P<relation>>=|<)\s*(?P<version>\d{1,3}(?:\.\d{1,3}){0,2})", re.ASCII)
_PROGRAM = re.compile(r"program:(?P<name>[A-Za-z0-9_][A-Za-z0-9_.+-]*)", re.ASCII)


class Right(Enum):
    """What QEMU, or what runs it, has to be allowed to, or not to."""

    KVM = "kvm"
    NOT_ROOT = "not-root"
    LOOP_DEVICE = "loop-device"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Requirement:
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(_Requirement):
    """`blockdev-add/arg-type/+file`: one of the machines' introspections has to answer it with yes."""

    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class From(_Requirement):
    """`qemu>=8.2`: every machine is of this version or a later one."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Before(_Requirement):
    """`qemu<6.1`: every machine is older than this version."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed(_Requirement):
    """`kvm`, `not-root` or `loop-device`."""

    right: Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Program(_Requirement):
    """`program:qemu-nbd`: one of QEMU's programs, or another one that is found where those are."""

    name: str


Requirement: TypeAlias = Query | From | Before | Allowed | Program


def read(text: str, location: Location) -> Requirement:
    """The requirement that the text is.

    :raise ValueError: it is none.
    """
    if text in {right.value for right in Right}:
        return Allowed(location=location, right=Right(text))
    if bound := _BOUND.fullmatch(text):
        relation = From if bound["relation"] == ">=" else Before
        return relation(location=location, version=bound["version"])
    if program := _PROGRAM.fullmatch(text):
        return Program(location=location, name=program["name"])
    if text.startswith(("qemu", "program:")):
        raise ValueError(f"'{text}' is neither 'qemu>=8.2' nor 'qemu<6.1' nor 'program:NAME'")
    try:
        probe.check(text)
    except probe.QueryError as error:
        raise ValueError(str(error)) from None
    return Query(location=location, query=text)


def is_from(found: str, bound: str) -> bool:
    """Whether the version of a QEMU, such as `7.2.22`, is this one or a later one."""
    numbers: Version = version(bound)
    return version(found)[: len(numbers)] >= numbers
