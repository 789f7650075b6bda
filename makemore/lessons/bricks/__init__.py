"""The step bodies of pages/bricks.py."""
