"""Looks at a model and changes nothing: losses, samples, snapshots, what a node is worth."""
