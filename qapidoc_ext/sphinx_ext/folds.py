"""Folds in HTML. For other builders they are what their base classes are: a container, and a paragraph."""

from __future__ import annotations

from typing import NoReturn

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from qapidoc_ext.render.nodes import fold, fold_title


def open_fold(translator: HTML5Translator, node: fold) -> None:
    """Begin the element."""
    tag = translator.starttag(node, "details")
    translator.body.append(tag.replace("<details", "<details open", 1) if node.get("open") else tag)


def close_fold(translator: HTML5Translator, node: fold) -> None:
    """End the element."""
    del node
    translator.body.append("</details>\n")


def open_fold_title(translator: HTML5Translator, node: fold_title) -> None:
    """Begin the element."""
    translator.body.append(translator.starttag(node, "summary", ""))


def close_fold_title(translator: HTML5Translator, node: fold_title) -> None:
    """End the element."""
    del node
    translator.body.append("</summary>\n")


def leave_out(translator: object, node: nodes.Element) -> NoReturn:
    """Nothing, where nothing can be opened.

    :raise SkipNode: always.
    """
    del translator, node
    raise nodes.SkipNode
