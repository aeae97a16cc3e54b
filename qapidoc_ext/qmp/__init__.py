"""Examples of QMP exchanges: the notation they are written in, and their execution on a live QEMU.

From text to steps:

- :mod:`.blocks`: the text, divided by what its lines begin with
- :mod:`.requirement`: what an example requires
- :mod:`.header`: the options before the first step
- :mod:`.depth`: how deep arrays and objects stand in each other
- :mod:`.pattern`: JSON with gaps, placeholders, captures and references
- :mod:`.notation`: text to pattern
- :mod:`.shell`: a qmp-shell line to the request that it makes
- :mod:`.expression`: Python expressions, read and never run
- :mod:`.host`: the steps that happen outside QEMU, read
- :mod:`.step`: the steps
- :mod:`.steps`: blocks to steps
- :mod:`.flow`: how steps depend on each other
- :mod:`.script`: an example, read
- :mod:`.documents`: the examples in a file

Without a QEMU:

- :mod:`.written`: a pattern as the value that it says, for what validates values
- :mod:`.doc_examples`: the examples in the comments of a schema, divided into messages
- :mod:`.doc_notation`: their notation
- :mod:`.doc_faults`: what is wrong with them

From steps to what happened:

- :mod:`.programs`: where QEMU's programs are
- :mod:`.directory`: the private directory of an example, and what happens to files in it
- :mod:`.loop_device`: block devices whose content is an image
- :mod:`.confinement`: what a QEMU may do
- :mod:`.stderr`: the last that a process said
- :mod:`.process`: a QEMU process, which ends before we do
- :mod:`.machine`: a running QEMU, and what it says
- :mod:`.binary`: one of QEMU's programs, and what it says of itself
- :mod:`.introspection`: what a QEMU says of its interface
- :mod:`.modules`: what it tells of although it cannot use it
- :mod:`.first`: which version of QEMU was the first to have something
- :mod:`.needs`: whether an example can run here, and with which programs
- :mod:`.shown`: values as they are to be shown
- :mod:`.match`: whether a value is as a pattern says
- :mod:`.interruption`: signals that arrive while an example runs
- :mod:`.outcome`: what happened
- :mod:`.execution`: does the steps
- :mod:`.run`: runs examples

What examples find out:

- :mod:`.read_only_examples`: examples that measure what `read-only` and `auto-read-only` do
- :mod:`.read_only_subjects`: the drivers that are measured
- :mod:`.read_only`: what was measured, and what the discussion calls it

Options that can be tried:

- :mod:`.shim`: a QMP server in front of a live QEMU, which gives it the interface of an option
- :mod:`.scenario`: what a client wants, tried with each option
- :mod:`.combinations`: the scenario that tries all combinations of members
- :mod:`.trial`: the facts that a scenario finds out
- :mod:`.serving`: a QEMU with the interface of an option, for a client of one's own

Examples that are wrong to examples that are right:

- :mod:`.merge`: a pattern and a value to the pattern that it should have been
- :mod:`.printed`: patterns as an example writes them
- :mod:`.accept`: examples that expect what QEMU said

What is known without running anything:

- :mod:`.replace`: files that are replaced as a whole
- :mod:`.digest`: what decides how an example runs
- :mod:`.recording`: what QEMU said once
- :mod:`.archive`: recordings that are kept with the documents
- :mod:`.cache`: what the examples of a build did
- :mod:`.known`: what is known of examples from these two
- :mod:`.allowed`: whether an interface takes the requests of an example
"""
