"""Frames of trees: nodes, edges, substrings."""
