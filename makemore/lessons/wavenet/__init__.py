"""The step bodies of pages/wavenet.py."""
