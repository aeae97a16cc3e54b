"""Decision records: from Markdown files to values, what the values rest on, and what is wrong with them.

From a file to a decision:

- :mod:`.page`: the outline of a text in Markdown
- :mod:`.front_matter`: YAML, decoded strictly
- :mod:`.front_matter_schema`: the JSON schema of that
- :mod:`.reference`: where something was said or done
- :mod:`.status`: what has become of a decision
- :mod:`.relation`: what decisions are to one another
- :mod:`.verdict`: how a decision comes out by a criterion
- :mod:`.decision`: a decision, and the record that holds it
- :mod:`.records`: all records of a folder
- :mod:`.dates`: when they were written

The discussion that decisions come from:

- :mod:`.discussion`: the discussion
- :mod:`.discussion_file`: its file
- :mod:`.passages`: the passages that pages name

What a page shows:

- :mod:`.shown`: its directives, and of which evidence each can be
- :mod:`.interface`: what an option changes in an interface
- :mod:`.recorded`: what QEMU's versions would have answered
- :mod:`.scenarios`: what a client wants, tried with each option
- :mod:`.computed`: what directives compute from these
- :mod:`.statement`: what a page states

What verdicts rest on:

- :mod:`.facts`: what evidence comes down to
- :mod:`.ground`: the evidence that pages show
- :mod:`.kept`: the facts that verdicts were judged on
- :mod:`.judgement`: whether each verdict still rests on them
- :mod:`.judged`: records that say so

What has to be so:

- :mod:`.sections`: the sections of a record
- :mod:`.missing`: what its page has to show
- :mod:`.basis`: what its statements rest on
- :mod:`.relations`: its relations to others

From records to other things:

- :mod:`.comparison`: decisions side by side
- :mod:`.elsewhere`: the other pages about a record
- :mod:`.export`: decisions for other programs
- :mod:`.new`: a new record
"""
