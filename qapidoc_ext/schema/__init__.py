"""QAPI schemas: from text to frozen definitions that refer to each other by name, and what is wrong with them.

`lexer` and `parser` read one file, `doc` its documentation comments; `files` follows its includes, `build` makes the
definitions of `model` from what was read, `views` derives lists from them. `check` judges what was read by a `dialect`,
which is what a version of QEMU allows; `load` does all of it, and `printer` goes the other way. The language is the
one of QEMU's `docs/devel/qapi-code-gen`, in the forms that it had from 5.2 on: reading takes them all, judging those of
a dialect.
"""
