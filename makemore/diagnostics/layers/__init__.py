"""Frames of layers: activations, weights, shapes."""
