"""The form of definitions: their keys, the kinds of their values, and the names that they give."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from qapidoc_ext.schema.check.conditions import condition_faults
from qapidoc_ext.schema.check.names import definition_fault, lower_case_fault, member_fault, value_fault
from qapidoc_ext.schema.check.place import Fault
from qapidoc_ext.schema.check.pragmas import Pragmas
from qapidoc_ext.schema.dialect import Dialect, Naming
from qapidoc_ext.schema.lexer import Boolean, String
from qapidoc_ext.schema.parser import Array, Object, Value

_OPTIONAL_KEYS: Mapping[str, Collection[str]] = {
    "enum": ["prefix"],
    "struct": ["base"],
    "union": [],
    "alternate": [],
    "command": ["data", "returns", "boxed", "gen", "success-response", "allow-oob", "allow-preconfig", "coroutine"],
    "event": ["data", "boxed"],
}
"""The keys that a definition of each kind may have, beside `if` and `features`."""
_MANDATORY_KEYS: Mapping[str, Collection[str]] = {
    "enum": ["data"],
    "struct": ["data"],
    "union": ["base", "discriminator", "data"],
    "alternate": ["data"],
    "command": [],
    "event": [],
}
_FLAGS = {
    "gen": False,
    "success-response": False,
    "boxed": True,
    "allow-oob": True,
    "allow-preconfig": True,
    "coroutine": True,
}
"""The value that each flag may have, the one that is not its default."""


def kind_of(definition: Object) -> str:
    """The kind of a definition; empty where there is not exactly one."""
    kinds = [key for key in definition.members if key in _OPTIONAL_KEYS]
    return kinds[0] if len(kinds) == 1 else ""


def name_faults(definition: Object, pragmas: Pragmas, dialect: Dialect) -> Iterator[Fault]:
    """What is wrong with the kind and the name of a definition."""
    kind = kind_of(definition)
    if not kind:
        yield Fault(definition.offset, f"a definition needs exactly one of the keys {_listed(_OPTIONAL_KEYS)}")
        return
    name = definition.members[kind][1]
    if not isinstance(name, String):
        yield Fault(name.offset, f"the value of '{kind}' must be a string, the name")
    elif fault := definition_fault(kind, name.value, pragmas, dialect):
        yield Fault(name.offset, fault)


def form_faults(definition: Object, pragmas: Pragmas, dialect: Dialect) -> Iterator[Fault]:
    """What is wrong with a definition, apart from its kind and its name."""
    if kind := kind_of(definition):
        yield from _Form(definition, pragmas, dialect).faults(kind)


class _Form:
    """The definition that is judged, and what that depends on."""

    def __init__(self, definition: Object, pragmas: Pragmas, dialect: Dialect) -> None:
        self._definition = definition
        self._values = {key: value for key, (_, value) in definition.members.items()}
        self._pragmas = pragmas
        self._dialect = dialect

    def faults(self, kind: str) -> Iterator[Fault]:
        yield from self._key_faults(kind)
        name = self._values[kind]
        is_exception = isinstance(name, String) and name.value in self._pragmas.member_names
        match kind:
            case "enum":
                yield from self._enum(is_exception=is_exception)
            case "struct":
                yield from self._name("base", "a type's name")
                yield from self._members("data", is_exception=is_exception)
            case "union":
                yield from self._union(is_exception=is_exception)
            case "alternate":
                yield from self._alternate()
            case _:
                yield from self._call()
        yield from self._attributes(self._values)
        yield from self._flags()

    def _key_faults(self, kind: str) -> Iterator[Fault]:
        mandatory = _MANDATORY_KEYS[kind]
        optional = [kind, "if", "features", *_OPTIONAL_KEYS[kind]]
        if kind == "union" and self._dialect.simple_unions:
            has_part = "base" in self._values or "discriminator" in self._values
            mandatory = mandatory if has_part else ["data"]
            optional += ["base", "discriminator"]
        yield from _key_faults(self._definition, mandatory, optional)

    def _enum(self, *, is_exception: bool) -> Iterator[Fault]:
        yield from self._name("prefix", "a string")
        for item in _items(self._values, "data"):
            yield from self._named(item, ["if", "features"] if self._dialect.value_features else ["if"])
            if name := _name_of(item):
                yield from _at(name, value_fault(name.value, self._dialect, is_exception=is_exception))
        yield from _not_an_array(self._values, "data")

    def _union(self, *, is_exception: bool) -> Iterator[Fault]:
        if not isinstance(self._values.get("base"), String):
            yield from self._members("base", is_exception=is_exception)
        yield from self._name("discriminator", "the name of a member")
        is_simple = "discriminator" not in self._values
        yield from self._branches(are_named=self._dialect.naming is Naming.FREE, may_be_arrays=is_simple)

    def _alternate(self) -> Iterator[Fault]:
        data = self._values.get("data")
        if isinstance(data, Object) and not data.members:
            yield Fault(data.offset, "an alternate needs at least one alternative")
        yield from self._branches(are_named=True, may_be_arrays=self._dialect.array_alternatives)

    def _branches(self, *, are_named: bool, may_be_arrays: bool) -> Iterator[Fault]:
        data = self._values.get("data")
        if isinstance(data, Object):
            for key, value in data.members.values():
                if are_named:
                    yield from _at(key, lower_case_fault(key.value, self._dialect))
                yield from self._typed(value, ["if"], may_be_array=may_be_arrays)
        elif data:
            yield Fault(data.offset, "'data' must be an object")

    def _call(self) -> Iterator[Fault]:
        data = self._values.get("data")
        boxed = self._values.get("boxed")
        if not isinstance(boxed, Boolean) or not boxed.value:
            if not isinstance(data, String):
                yield from self._members("data", is_exception=False)
        elif data is None:
            yield Fault(self._definition.offset, "'boxed' needs 'data', the type of the arguments")
        else:
            yield from self._name("data", "a type's name where there is 'boxed'")
        if "returns" in self._values:
            yield from _type_faults(self._values["returns"], may_be_array=True)

    def _members(self, key: str, *, is_exception: bool) -> Iterator[Fault]:
        match self._values.get(key):
            case None:
                pass
            case Object(members=members):
                for written, value in members.values():
                    name = written.value.removeprefix("*")
                    if fault := member_fault(name, self._dialect, is_exception=is_exception):
                        yield Fault(written.offset, fault)
                    if not isinstance(value, String):  # as most are
                        yield from self._typed(value, ["if", "features"], may_be_array=True)
            case value:
                yield Fault(value.offset, f"'{key}' must be an object")

    def _name(self, key: str, expected: str) -> Iterator[Fault]:
        if key in self._values and not isinstance(self._values[key], String):
            yield Fault(self._values[key].offset, f"'{key}' must be {expected}")

    def _named(self, item: Value, optional: Collection[str]) -> Iterator[Fault]:
        """What is wrong with a value or a feature, apart from how its name is spelled."""
        if not isinstance(item, Object):
            yield from [] if isinstance(item, String) else [Fault(item.offset, "a name must be a string")]
            return
        yield from _key_faults(item, ["name"], optional)
        if (name := _value(item, "name")) and not isinstance(name, String):
            yield Fault(name.offset, "a name must be a string")
        yield from self._attributes({key: item.members[key][1] for key in optional if key in item.members})

    def _typed(self, value: Value, optional: Collection[str], *, may_be_array: bool) -> Iterator[Fault]:
        """What is wrong with a member or a branch, apart from its name."""
        if not isinstance(value, Object):
            yield from _type_faults(value, may_be_array=may_be_array)
            return
        yield from _key_faults(value, ["type"], optional)
        if type_ := _value(value, "type"):
            yield from _type_faults(type_, may_be_array=may_be_array)
        yield from self._attributes({key: value.members[key][1] for key in optional if key in value.members})

    def _attributes(self, values: Mapping[str, Value]) -> Iterator[Fault]:
        """What is wrong with `if` and `features`."""
        if "if" in values:
            yield from condition_faults(values["if"], self._dialect)
        for feature in _items(values, "features"):
            yield from self._named(feature, ["if"])
            if name := _name_of(feature):
                yield from _at(name, lower_case_fault(name.value, self._dialect))
        yield from _not_an_array(values, "features")

    def _flags(self) -> Iterator[Fault]:
        for flag in _FLAGS.keys() & self._values.keys():
            value, expected = self._values[flag], _FLAGS[flag]
            if not isinstance(value, Boolean) or value.value is not expected:
                yield Fault(value.offset, f"'{flag}' can only be {str(expected).lower()}, otherwise leave it out")
        if "allow-oob" in self._values and "coroutine" in self._values:
            yield Fault(self._values["coroutine"].offset, "'allow-oob' and 'coroutine' do not go together")


def _key_faults(value: Object, mandatory: Collection[str], optional: Collection[str]) -> Iterator[Fault]:
    for name in mandatory:
        if name not in value.members:
            yield Fault(value.offset, f"the key '{name}' is missing")
    for name, (key, _) in value.members.items():
        if name not in mandatory and name not in optional:
            allowed = _listed(sorted({*mandatory, *optional}))
            yield Fault(key.offset, f"unknown key '{name}'; there may be {allowed}")


def _type_faults(value: Value, *, may_be_array: bool) -> Iterator[Fault]:
    match value:
        case String():
            pass
        case Array() if not may_be_array:
            yield Fault(value.offset, "this must be a type's name, not an array")
        case Array(items=items):
            if len(items) != 1 or not isinstance(items[0], String):
                yield Fault(value.offset, "an array's type is the name of one type in brackets")
        case _:
            expected = "a type's name, or an array of one" if may_be_array else "a type's name"
            yield Fault(value.offset, f"expected {expected}")


def _not_an_array(values: Mapping[str, Value], key: str) -> Iterator[Fault]:
    if key in values and not isinstance(values[key], Array):
        yield Fault(values[key].offset, f"'{key}' must be an array")


def _items(values: Mapping[str, Value], key: str) -> tuple[Value, ...]:
    value = values.get(key)
    return value.items if isinstance(value, Array) else ()


def _name_of(item: Value) -> String | None:
    """The name of a value or a feature, in its short or its long form."""
    name = _value(item, "name") if isinstance(item, Object) else item
    return name if isinstance(name, String) else None


def _value(value: Object, key: str) -> Value | None:
    return value.members[key][1] if key in value.members else None


def _at(name: String, fault: str) -> Iterator[Fault]:
    if fault:
        yield Fault(name.offset, fault)


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
