"""The layer that knows Sphinx's application and its environment."""
