"""The step bodies of pages/initialisation.py."""
