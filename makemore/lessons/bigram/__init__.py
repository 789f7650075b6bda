"""The step bodies of pages/bigram.py."""
