"""Values as docutils nodes. Pure functions: they know neither Sphinx's application nor its environment.

Text that a schema's author wrote is parsed by a function that is passed in, :data:`qapidoc_ext.render.context.Parse`.
"""
