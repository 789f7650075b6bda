"""Frames of trees: nodes, edges, fragments."""
