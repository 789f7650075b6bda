"""Charts of letters, pairs and names."""
