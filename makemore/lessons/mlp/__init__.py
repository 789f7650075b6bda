"""The step bodies of pages/mlp.py."""
