"""Frames of letters, pairs and names."""
