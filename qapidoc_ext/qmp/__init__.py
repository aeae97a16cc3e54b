"""Examples of QMP exchanges: the notation they are written in, and their execution on a live QEMU.

- :mod:`.text`: the text of an example, which turns offsets into places
- :mod:`.pattern`: JSON with gaps, placeholders, captures and references
- :mod:`.notation`: text to pattern
- :mod:`.shell`: a qmp-shell line to a request
- :mod:`.expression`: Python expressions, read and never run
- :mod:`.host`: the steps that happen outside QEMU
- :mod:`.script`: the text of an example to its steps
- :mod:`.match`: whether a value is as a pattern says, and what of it the pattern looked at
- :mod:`.programs`: where QEMU's programs are
- :mod:`.stderr`: the last that a process said
- :mod:`.machine`: a running QEMU
- :mod:`.interruption`: signals that arrive while an example runs
- :mod:`.run`: an example to what happened when it ran
"""
