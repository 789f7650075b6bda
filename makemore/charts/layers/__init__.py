"""Charts of layers: activations, weights, shapes."""
