"""The options of the discussion, each as an interface that can be tried.

What QEMU does with images is the same under all of them, its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

import msgspec

from qapidoc_ext.introspect.reply import Array, Builtin, Command, Introspection, Member, Object
from qapidoc_ext.qmp.shim import schema
from qapidoc_ext.qmp.shim.baseline import ADD, FEATURE, Baseline
from qapidoc_ext.qmp.shim.message import OURS, Exchange, Message, RefusedError, answered, success
from qapidoc_ext.qmp.shim.reopen import Reopen, SetReadOnly
from qapidoc_ext.qmp.shim.typed import Part, take

_AUTO = "auto-read-only"


class OtherName(Baseline):
    """`auto-read-only` gets another name."""

    name = "1"
    title = "auto-read-only has another name"
    ours = ("the name name-to-be-chosen",)
    renamed = "name-to-be-chosen"
    detector = f"{ADD}/arg-type/{renamed}"

    def described(self, baseline: Introspection) -> Introspection:
        """With the one name in the place of the other, common to all drivers as before."""
        if not self.node_type:
            return baseline
        return schema.mapped_members(baseline, self.node_type, self._renamed)

    def node(self, part: Part) -> bool:
        """Takes the new name, and refuses the old one as QEMU refuses any that it does not know."""
        if _AUTO in part.value:
            raise RefusedError(f"Parameter '{part.path}{_AUTO}' is unexpected")
        if self.renamed not in part.value:
            return False
        part.value[_AUTO] = take(part, self.renamed, bool)
        return True

    def _renamed(self, member: Member) -> Member:
        return msgspec.structs.replace(member, name=self.renamed) if member.name == _AUTO else member


class FeatureQuery(Baseline):
    """A command `query-qemu-features`, which never says that the behaviour is not there: the schema tells as much."""

    name = "2-never-false"
    title = "query-qemu-features, whose answer is never false"
    ours = ("the type of its result", "a member NAME-dynamic-auto-read-only for each driver that learns it later")
    command = "query-qemu-features"
    detector = f"{command}/ret-type/file-dynamic-auto-read-only"

    def described(self, baseline: Introspection) -> Introspection:
        """With the command, whose result has a member for each driver that is dynamic."""
        version = baseline.entities["query-version"]
        assert isinstance(version, Command)
        members = tuple(Member(name=name, type="bool") for name in self.answer())
        result = Object(name=schema.unused_name(baseline), members=members)
        command = Command(name=self.command, arg_type=version.arg_type, ret_type=result.name)
        return schema.with_entities(baseline, result, command)

    def added(self, request: Message) -> Exchange | None:
        """The answer."""
        return answered(request, success(self.answer())) if request["execute"] == self.command else None

    def answer(self) -> dict[str, bool]:
        """What the command returns: one member for the drivers of file-posix.c, which are dynamic together or not."""
        others = sorted(self.dynamic - {"file", "host_cdrom", "host_device"})
        return {_feature_of(driver): True for driver in [*({"file"} & self.dynamic), *others]}


class FeatureQueryOfThisRun(FeatureQuery):
    """The same command, whose answer holds for this run: its member says true or false, so it has to be asked."""

    name = "2-this-run"
    title = "query-qemu-features, whose answer holds for this run only"
    detector = FeatureQuery.command

    def answer(self) -> dict[str, bool]:
        """The member for `file` is always there."""
        return {_feature_of("file"): "file" in self.dynamic} | super().answer()


class DynamicReadOnly(Baseline):
    """A member `dynamic-read-only` for the drivers that are dynamic."""

    name = "3"
    title = "a member dynamic-read-only"
    ours = ("the texts of the errors",)
    member = "dynamic-read-only"
    detector = f"{ADD}/arg-type/+file/{member}"

    def described(self, baseline: Introspection) -> Introspection:
        """With the member in the types of these drivers, and so in the other drivers of the same types."""
        return self.with_member(baseline, Member(name=self.member, type="bool", default=None))

    def node(self, part: Part) -> bool:
        """Refuses the member where it differs from `auto-read-only`, whose value it has where it is left out."""
        if not self.has(part, self.member):
            return False
        wanted, auto = take(part, self.member, bool), part.value.get(_AUTO, False)
        if isinstance(auto, bool) and wanted is not auto:
            lacks = "dynamic-read-only without auto-read-only" if wanted else "auto-read-only without dynamic-read-only"
            raise RefusedError(f"Driver '{part.value['driver']}' cannot do {lacks} {OURS}")
        return True


class Marker(Baseline):
    """A member without effect, whose presence says that the driver is dynamic."""

    name = "4"
    title = "a member x-auto-read-only-is-dynamic without effect"
    member = "x-auto-read-only-is-dynamic"
    detector = f"{ADD}/arg-type/+file/{member}"

    def described(self, baseline: Introspection) -> Introspection:
        """With the member, which can only be null."""
        null = Builtin(name="null", json_type="null")
        with_null = schema.with_entities(baseline, null)
        return self.with_member(with_null, Member(name=self.member, type="null", default=None))

    def node(self, part: Part) -> bool:
        """Takes the member out: giving it changes nothing."""
        if not self.has(part, self.member):
            return False
        take(part, self.member, None)
        return True


class Features(Baseline):
    """The types of the drivers that are dynamic have the feature `dynamic-auto-read-only`."""

    name = "5"
    title = "features in the schema"
    detector = f"{ADD}/arg-type/+file/${FEATURE}"

    def described(self, baseline: Introspection) -> Introspection:
        """With the feature, and with the member that shows features of objects in what `query-qmp-schema` returns."""
        if not self.node_type:
            return baseline
        types = schema.branch_types(baseline, self.node_type, self.dynamic)
        carriers = [msgspec.structs.replace(baseline.entities[type_], features=(FEATURE,)) for type_ in types]
        query = baseline.entities["query-qmp-schema"]
        assert isinstance(query, Command)
        entities = baseline.entities[query.ret_type]
        assert isinstance(entities, Array)
        (of_objects,) = schema.branch_types(baseline, entities.element_type, ["object"])
        texts = Array(name="[str]", element_type="str")
        described = schema.with_entities(baseline, *carriers, texts)
        return schema.with_member(described, of_objects, Member(name="features", type=texts.name, default=None))


OPTIONS: Mapping[str, type[Baseline]] = {
    option.name: option
    for option in (
        Baseline,
        OtherName,
        FeatureQuery,
        FeatureQueryOfThisRun,
        DynamicReadOnly,
        Marker,
        Features,
        Reopen,
        SetReadOnly,
    )
}
"""The options by name, what they are compared with first."""

_NAMED = re.compile(r"(?P<option>[^+]+)(?:\+(?P<learned>[a-z0-9-]+))?")


def make_of(name: str) -> Callable[[Introspection], Baseline]:
    """What makes the interface of this option: `3`, or `3+nbd`, where the driver nbd has become dynamic too.

    :raise ValueError: there is no such option.
    """
    found = _NAMED.fullmatch(name)
    if found is None or found["option"] not in OPTIONS:
        raise ValueError(f"no option is called '{name}', only {', '.join(OPTIONS)}")
    return partial(OPTIONS[found["option"]], learned=frozenset(filter(None, [found["learned"]])))


def learned(name: str) -> str:
    """The driver in the name of an option that has become dynamic later; "" where there is none."""
    return name.partition("+")[2]


def _feature_of(driver: str) -> str:
    return f"{driver}-{FEATURE}"
