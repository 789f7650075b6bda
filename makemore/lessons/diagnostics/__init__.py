"""The step bodies of pages/diagnostics.py."""
