"""The step bodies of pages/backprop.py."""
