"""Python expressions, read and never run."""

from __future__ import annotations

import ast
import warnings


def parse(content: str) -> ast.expr:
    """The expression that the text is.

    :raise ValueError: it is none, or one that stands too deep in itself.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(content.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"not a Python expression: {error.msg}") from None
    except (MemoryError, RecursionError):
        raise ValueError("not a Python expression: too many parentheses and operators in each other") from None


def literal(node: ast.expr) -> object:
    """The value that a literal denotes: a string, a number, None, True, False, or a list, tuple, dict or set of such.

    :raise ValueError: the expression is not a literal.
    """
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError):
        raise ValueError("not a literal value") from None
