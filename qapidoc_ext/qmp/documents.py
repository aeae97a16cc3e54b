"""The examples that stand in a file: a .qmp file, which is one, or a document in Markdown or reStructuredText.

In a document it is what a build finds there: the content of directives `qmp-example`. One with the option `file` shows
a file that has the example, one with `annotated` is text: both are left out here, as is what a document includes. An
example in reStructuredText that only docutils can take out of its surroundings, such as a drawn table, is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from textwrap import dedent

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from qapidoc_ext.qmp.script import Script, parse, parse_file, repeated_names
from qapidoc_ext.source import Location, SourceError, SourceText, fault, read_source

DIRECTIVE = "qmp-example"
SUFFIXES = (".qmp", ".md", ".rst")
FENCES = frozenset({"fence", "colon_fence"})
"""Tokens of Markdown that can be directives."""

_VERBATIM = frozenset(
    {"code", "code-block", "code-cell", "literalinclude", "math", "parsed-literal", "raw", "sourcecode"}
)
"""Directives whose content is no text with directives in it."""
_RST_LINE = re.compile(
    rf"""(?: [ ] | (?: [-*+•‣\u2043] | \(? (?:\#|\d+|[a-z]|[ivxlcdm]+) [.)] ) [ ]+ )*  # indentation, marks of lists
         (?P<text> \.\. [ ]+ (?P<directive>[\w.+:-]+?) [ ]? :: (?: [ ]+ (?P<argument>.*) )?
                 | (?P<verbatim> \.\. [ ]+ (?!\[) .* | (?!\.\.[ ]) .* (?<! \.\.[ ] {DIRECTIVE}) :: [ ]* )
                 | .* )""",
    re.VERBOSE | re.IGNORECASE,
)
"""A line. Below one that is `verbatim` stands a comment, or what is shown as it is."""
_RST_ELSEWHERE = re.compile(rf"(?<!`)\.\. +{DIRECTIVE} ?::(?= |$)", re.IGNORECASE)
"""The directive in the middle of a line: in a table, say. It is none between the backquotes of a text about it."""
_NOT_RUN = re.compile(r":(?:file|annotated):")
"""The option of an example that is in another file, and that of one which QEMU's manual shows as text."""


def examples_in(path: Path) -> list[Script | SourceError]:
    """The examples in a file, in its order. In the place of one that has faults stands what they are.

    :raise SourceError: the file cannot be read, or its name has another suffix.
    """
    match path.suffix:
        case ".qmp":
            return [_script(path)]
        case ".md":
            return _page(_in_markdown(read_source(path)))
        case ".rst":
            return _page(_in_restructuredtext(read_source(path)))
        case _:
            names = ", ".join(SUFFIXES)
            raise fault(Location(path=str(path)), f"not a file that has examples: its name ends in {names}")


def _page(found: Iterable[SourceText | SourceError]) -> list[Script | SourceError]:
    examples = [_script(text) for text in found]
    repeated = repeated_names(example for example in examples if isinstance(example, Script))
    faults = {finding.location: SourceError([finding]) for finding in repeated}
    return [faults.get(example.location, example) if isinstance(example, Script) else example for example in examples]


def _script(found: Path | SourceText | SourceError) -> Script | SourceError:
    try:
        match found:
            case Path():
                return parse_file(found)
            case SourceText(content=content, start=start):
                return parse(content, start)
            case SourceError():
                return found
    except SourceError as error:
        return error


def _in_markdown(text: SourceText) -> Iterator[SourceText | SourceError]:
    lines = text.content.split("\n")
    for token in _MARKDOWN.parse(text.content):
        if token.type not in FENCES or token.map is None:
            continue
        directive, argument = directive_of(token.info)
        number = token.map[0]
        below = _below(text, number, lines[number + 1 :], token.content.removesuffix("\n"))
        example: SourceText | SourceError | None = None
        if directive == DIRECTIVE:
            place = _place(text, number, lines[number].rfind(argument))
            example = _example(with_options(below), argument, place)
        if example:
            yield example
        elif directive == "eval-rst":
            yield from _in_restructuredtext(below)
        elif directive and directive not in _VERBATIM:
            yield from _in_markdown(below)


def directive_of(info: str) -> tuple[str, str]:
    """The name of the directive that a fence with this info is, and what stands behind it; "" where it is none."""
    name, argument = [*info.split(maxsplit=1), "", ""][:2]
    return (name[1:-1].lower(), argument.strip()) if name.startswith("{") and name.endswith("}") else ("", "")


def _below(text: SourceText, number: int, lines: Iterable[str], content: str) -> SourceText:
    """The content of a directive in a line of the text, which in the lines below is indented by something."""
    pairs = zip(lines, content.split("\n"), strict=False)
    indentation = next((len(written) - len(line) for written, line in pairs if line.strip()), 0)
    return SourceText(content, _place(text, number + 1, indentation))


def _place(text: SourceText, lines: int, columns: int = 0) -> Location:
    """The place that is so far behind the text's first character."""
    return Location(text.start.path, text.start.line + lines, text.start.column + columns)


def with_options(text: SourceText) -> SourceText | SourceError:
    """The content of a directive. Options between two lines `---`, in YAML, are lines `:name: value` in it."""
    lines = text.content.split("\n")
    marks = [number for number, line in enumerate(lines) if line.startswith("---")]
    if marks[:1] != [0] or len(marks) == 1:
        return text
    try:
        values = yaml.load("\n".join(lines[1 : marks[1]]), Loader=yaml.BaseLoader) or {}  # noqa: S506 (it has only strings)
        options = [f":{name}: {' '.join(value.split())}".rstrip() for name, value in values.items()]
    except (yaml.YAMLError, RecursionError, AttributeError, ValueError, OverflowError):  # the last two: "\UFFFFFFFF"
        message = "between two lines '---' stand options 'name: value'; quote what YAML does not read as text"
        return text.fault(0, message)
    empty = [""] * (marks[1] + 1 - len(options))
    return replace(text, content="\n".join([*options, *empty, *lines[marks[1] + 1 :]]))


def _example(below: SourceText | SourceError, argument: str, place: Location) -> SourceText | SourceError | None:
    """The text of an example, None where it is not run here. An argument is, as in a build, its first line."""
    if isinstance(below, SourceError):
        return below
    content = f"{argument}\n{below.content}" if argument else below.content
    options = takewhile(lambda line: line.startswith(":"), content.split("\n"))
    if any(map(_NOT_RUN.match, options)):
        return None
    empty = len(content) - len(content.lstrip("\n"))
    text = SourceText(content.strip("\n"), place if argument else below.start)
    return replace(text, start=_place(text, empty))


def _in_restructuredtext(text: SourceText) -> Iterator[SourceText | SourceError]:
    lines = text.content.expandtabs(8).split("\n")
    number = 0
    while number < len(lines):
        line = _RST_LINE.fullmatch(lines[number])
        assert line
        inner = _deeper(lines, number, line.start("text"))
        is_over = _is_verbatim(line, inner)
        if (line["directive"] or "").lower() == DIRECTIVE:
            below = _below(text, number, inner, dedent("\n".join(inner)))
            place = _place(text, number, line.start("argument"))
            example = _example(_separated(below), (line["argument"] or "").strip(), place)
            if example:
                yield example
                is_over = True
        elif not is_over and (elsewhere := _RST_ELSEWHERE.search(lines[number])):
            place = _place(text, number, elsewhere.start())
            yield fault(place, "only a build finds an example here; begin a line, or an item of a list, with it")
        number += 1 + (len(inner) if is_over else 0)


def _is_verbatim(line: re.Match[str], inner: Sequence[str]) -> bool:
    """Whether what is indented below the line is no text with directives in it: a comment, or shown as it is."""
    is_comment = line["text"].strip() == ".." and any(map(str.strip, inner[:1]))
    return is_comment or line["verbatim"] is not None or (line["directive"] or "").lower() in _VERBATIM


def _separated(below: SourceText) -> SourceText | SourceError:
    """The text, or what docutils refuses: a step that follows the options at once."""
    lines = [*takewhile(str.strip, below.content.split("\n"))]
    steps = [number for number, line in enumerate(lines) if not line.startswith((":", " "))]
    if steps and lines[0].startswith(":"):
        return fault(_place(below, steps[0]), "an empty line stands between the options and what follows them")
    return below


def _deeper(lines: Sequence[str], number: int, column: int) -> list[str]:
    """The lines behind this one that are indented deeper than to this column."""
    return [*takewhile(lambda line: not line.strip() or _depth(line) > column, lines[number + 1 :])]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


_MARKDOWN = (
    MarkdownIt("commonmark")
    .use(colon_fence_plugin)
    .use(deflist_plugin)
    .use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    .use(front_matter_plugin)
)
