"""Examples of QMP exchanges: the notation they are written in, and their execution on a live QEMU.

From text to steps:

- :mod:`.blocks`: the text, divided by what its lines begin with
- :mod:`.header`: the options before the first step
- :mod:`.pattern`: JSON with gaps, placeholders, captures and references
- :mod:`.notation`: text to pattern
- :mod:`.shell`: a qmp-shell line to the request that it makes
- :mod:`.expression`: Python expressions, read and never run
- :mod:`.host`: the steps that happen outside QEMU, read and done
- :mod:`.step`: the steps
- :mod:`.flow`: how steps depend on each other
- :mod:`.script`: an example, read

Without a QEMU:

- :mod:`.written`: a pattern as the value that it says, for what validates values
- :mod:`.doc_examples`: the examples in the comments of a schema, divided into messages
- :mod:`.doc_notation`: their notation
- :mod:`.doc_faults`: what is wrong with them

From steps to what happened:

- :mod:`.programs`: where QEMU's programs are
- :mod:`.stderr`: the last that a process said
- :mod:`.process`: a QEMU process, which ends before we do
- :mod:`.machine`: a running QEMU, and what it says
- :mod:`.shown`: values as they are to be shown
- :mod:`.match`: whether a value is as a pattern says
- :mod:`.interruption`: signals that arrive while an example runs
- :mod:`.outcome`: what happened
- :mod:`.run`: does the steps
"""
