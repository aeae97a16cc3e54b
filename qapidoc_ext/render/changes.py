"""The pages that say what a version of QEMU changed, and what is no longer there."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from docutils import nodes

from qapidoc_ext.introspect.change import Change, Effect
from qapidoc_ext.introspect.gone import Gone
from qapidoc_ext.render.build import label as _label
from qapidoc_ext.render.build import labels, literal, paragraph, row, section, separated, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.versions import document_link, misstatement, release_text, versions_in

_REPLIES = "replies and events"
_REMOVED = "https://www.qemu.org/docs/master/about/removed-features.html"
_NOTATION = (
    "Places are in libvirt's notation: ",
    literal("arg-type"),
    " is what is sent, ",
    literal("ret-type"),
    " what is returned; a name is that of a member, with ",
    literal("+"),
    " before it that of a branch, with ",
    literal("^"),
    " that of a value, with ",
    literal("$"),
    " that of a feature.",
)


def changes_page(
    old: str, new: str, changes: Iterable[Change], documented: Container[str], context: Context
) -> nodes.section:
    """What a client notices when one version takes the place of an older one; what breaks it first.

    `documented` has the names of the definitions that have a page.
    """
    said = list(changes)
    apparent = [change for change in said if _is_apparent(change, old, new)]
    found = [change for change in said if change not in apparent]
    breaking = [change for change in found if change.is_breaking]
    others = [change for change in found if not change.is_breaking]
    return section(
        changes_address(old, new, context.observed.versions).replace("/", f"-{context.namespace}-"),
        f"QEMU {old} to {new}",
        labels([_label("date", f"{old} {release_text(old)}"), _label("date", f"{new} {release_text(new)}")]),
        paragraph(
            "By the introspections that both gave, each one build for x86_64: that something is gone can mean that the "
            "newer one was built without it. A change in a type that is used in many places is told once: in one "
            "request and in one reply or event. Places with the same change share a row; what it touches in replies "
            "and events stands in the last column, in the same order."
        ),
        paragraph(
            "Breaking is here too what QEMU's own rules, ",
            literal("docs/devel/qapi-code-gen"),
            ", do not call incompatible: a value that replies and events did not have, a member of theirs that became "
            "optional, and an event that is gone.",
        ),
        paragraph(*_NOTATION),
        *_left_out(apparent, documented, context),
        section("_breaking", f"Breaking: {_count(breaking)}", *_table(breaking, documented, context)),
        section("_compatible", f"Compatible: {_count(others)}", *_table(others, documented, context)),
    )


def _count(changes: Sequence[Change]) -> str:
    return f"{len(changes)} change{'s' * (len(changes) != 1)}"


def _is_apparent(change: Change, old: str, new: str) -> bool:
    """Whether just one of the introspections has the command, and the builds do not differ in it."""
    wrong = misstatement(change.path)
    return wrong is not None and wrong.includes(old) is not wrong.includes(new)


def _left_out(apparent: Iterable[Change], documented: Container[str], context: Context) -> Iterator[nodes.paragraph]:
    """What the introspections say, and is not so."""
    said = [[*_place(change.path, documented, context), nodes.Text(f" {change.action.value}")] for change in apparent]
    if said:
        about = "Left out is what only the introspections say, and was the same in both builds: "
        yield paragraph(about, separated(said), ".")


def _table(changes: Iterable[Change], documented: Container[str], context: Context) -> Iterator[nodes.Element]:
    """Of each command or event the changes of one kind in a row, and before these what is new or gone as a whole."""
    groups: dict[tuple[str, str, str, str], list[Change]] = {}
    for change in changes:
        name, slash, _ = change.path.partition("/")
        name_in_replies = _where_in_replies(change).partition("/")[0]
        groups.setdefault((slash and name, change.what, _effects(change), name_in_replies), []).append(change)
    rows = [
        row([_places([change.path for change in group], documented, context), what, _for(group, documented, context)])
        for (_, what, *_), group in sorted(groups.items(), key=lambda item: item[0][0] != "")
    ]
    yield table("changes", ["Where", "What", "For"], rows) if rows else paragraph("None.")


def _places(paths: Iterable[str], documented: Container[str], context: Context) -> list[nodes.Node]:
    """The query strings; where some in a row begin with the same command or event, just the first of them has it."""
    places: list[list[nodes.Node]] = []
    before = ""
    for path in paths:
        name, slash, rest = path.partition("/")
        places.append([literal(slash + rest)] if name == before else _place(path, documented, context))
        before = name
    return separated(places)


def _place(path: str, documented: Container[str], context: Context) -> list[nodes.Node]:
    """The query string; its first step links to the command or event, where that has a page."""
    name, slash, rest = path.partition("/")
    if name not in documented:
        return [literal(path)]
    return [context.link("any", name), *([literal(slash + rest)] if rest else [])]


def _effects(change: Change) -> str:
    """Whom it is about; of what breaks a client, whom it breaks."""
    return ("breaks " if change.is_breaking else "") + " and ".join(_told(change))


def _told(change: Change) -> list[str]:
    sides = {"requests": change.requests, _REPLIES: change.replies}
    return [side for side, effect in sides.items() if effect and (effect is Effect.BREAKING or not change.is_breaking)]


def _where_in_replies(change: Change) -> str:
    """The query string in replies, if the row names a request and tells of replies."""
    return change.in_replies if _REPLIES in _told(change) else ""


def _for(group: Sequence[Change], documented: Container[str], context: Context) -> list[nodes.Node]:
    """Whom changes of one kind are about; where in replies each of them is, in their order."""
    text, in_replies = _effects(group[0]), [*filter(None, map(_where_in_replies, group))]
    at = [nodes.Text(" at "), *_places(in_replies, documented, context)] if in_replies else []
    return [nodes.Text(text), *at]


def gone_page(version: str, found: Sequence[Gone], documented: Container[str], context: Context) -> nodes.section:
    """What earlier versions have and the schema does not describe; `version` is the schema's, "" if that is not known.

    `documented` has the names of the definitions that have a page.
    """
    described = f"QEMU {version}" if version else "a QEMU of unknown version"
    whole, parts = (
        [row([_gone(one, documented, context), one.subject.value, versions_in(_runs(one))]) for one in listed]
        for listed in ([one for one in found if one.is_whole], [one for one in found if not one.is_whole])
    )
    return section(
        f"gone-{context.namespace}",
        "No longer there",
        paragraph(
            f"What introspections since {context.observed.versions[0]} name, each of one build for x86_64, and the "
            f"schema of {described} does not, whatever the configuration. What is gone with the command, the member or "
            "the branch that leads to it is not listed beside that. A part of a type that is used in many places is "
            "told of in one request and in one reply or event."
        ),
        paragraph(
            "What to use instead, introspections do not say: see QEMU's list of ",
            nodes.reference("", "removed features", refuri=_REMOVED),
            ".",
        ),
        paragraph(*_NOTATION),
        section("_whole", "Commands and events", _gone_table(whole)),
        section("_parts", "Members, branches, values", _gone_table(parts)),
    )


def _gone_table(rows: Sequence[nodes.row]) -> nodes.Element:
    return table("gone", ["Where", "What", "Seen"], rows) if rows else paragraph("None.")


def _gone(one: Gone, documented: Container[str], context: Context) -> list[nodes.Node]:
    """The place; of a name that is described without its `x-`, that too."""
    stable = one.path.removeprefix("x-")
    is_stable = one.is_whole and stable in documented
    without = [nodes.Text(", without x-: "), context.link("any", stable)] if is_stable else []
    return [*_place(one.path, documented, context), *without]


def _runs(one: Gone) -> str:
    return " and ".join(run.first if run.first == run.last else f"{run.first} to {run.last}" for run in one.seen)


def far_pairs(versions: Sequence[str], compared: Container[str] = ()) -> list[tuple[str, str]]:
    """Of versions, the oldest first: each two of those that are compared with each other.

    Where none are named, these are the last of each major one, as distributions keep them for years. Two that follow
    each other are no such pair.
    """
    chosen = [version for version in versions if version in compared]
    last = {version.partition(".")[0]: version for version in versions}
    return [pair for pair in combinations(chosen or last.values(), 2) if pair not in pairwise(versions)]


def changes_address(old: str, new: str, versions: Sequence[str]) -> str:
    """Of the page that compares two versions, below the folder of the namespace."""
    return f"changes/{new}" if (old, new) in pairwise(versions) else f"changes/{old}-{new}"


def changes_index_page(versions: Sequence[str], compared: Sequence[tuple[str, str]], context: Context) -> nodes.section:
    """The versions that were recorded, each with a link to what it changed; those that are compared beside that."""
    rows = [row([_link(old, new, new, versions, context), release_text(new)]) for old, new in pairwise(versions)]
    return section(
        f"changes-{context.namespace}",
        "What each version changed",
        paragraph(
            f"The introspections of {len(versions)} versions of QEMU were recorded, each from one build for x86_64. ",
            *_what_is_compared(versions, compared),
        ),
        table(
            "change-index", ["Version", "Released"], [*reversed(rows), row([versions[0], release_text(versions[0])])]
        ),
        *_further_apart(compared, versions, context),
    )


def _what_is_compared(versions: Sequence[str], compared: Sequence[tuple[str, str]]) -> Iterator[nodes.Node]:
    if compared == far_pairs(versions, versions):
        yield nodes.Text("Each two of them are compared here.")
    else:
        yield nodes.Text(
            "Each is compared here with the one before it, and some with each other. For any other two, run "
        )
        yield literal("python -m qapidoc_ext diff")
        yield nodes.Text(".")


def _further_apart(
    compared: Iterable[tuple[str, str]], versions: Sequence[str], context: Context
) -> Iterator[nodes.section]:
    far: dict[str, list[str]] = {}
    for old, new in compared:
        far.setdefault(new, []).append(old)
    rows = [row([new, _from(far[new], new, versions, context)]) for new in reversed(far)]
    if rows:
        yield section("_major", "Further apart", table("change-pairs", ["To", "From"], rows))


def _from(older: Iterable[str], new: str, versions: Sequence[str], context: Context) -> list[nodes.Node]:
    return separated(_link(old, new, old, versions, context) for old in reversed([*older]))


def _link(old: str, new: str, text: str, versions: Sequence[str], context: Context) -> nodes.Node:
    return document_link(f"{context.folder}/{changes_address(old, new, versions)}", text)
