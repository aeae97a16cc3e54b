"""QAPI schemas: from text to frozen definitions that refer to each other by name.

`lexer` and `parser` read one file, `doc` its documentation comments; `load` follows its includes, `build` makes the
definitions of `model` from what was read, `check` finds what is wrong with them, `views` derives lists from them.
The language is the one of QEMU's `docs/devel/qapi-code-gen`, in the forms that it had from 5.2 on.
"""
