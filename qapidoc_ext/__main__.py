"""Runs the command line."""

from qapidoc_ext.cli import main

raise SystemExit(main())
