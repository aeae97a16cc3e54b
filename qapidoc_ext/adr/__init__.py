"""Decision records: from a Markdown file to a `Decision`, and what is wrong with the file.

`page` reads the Markdown, `front_matter` decodes the YAML above it, `decision` holds the value that both give,
`sections` checks that a record says what every record has to say.
"""
