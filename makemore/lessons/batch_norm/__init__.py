"""The step bodies of pages/batch_norm.py."""
