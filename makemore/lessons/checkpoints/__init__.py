"""The step bodies of pages/checkpoints.py."""
