"""Runs the command line."""

try:
    from qapidoc_ext.cli import main
except KeyboardInterrupt:
    raise SystemExit(130) from None

raise SystemExit(main())
