"""Charts of trees: nodes, edges, substrings."""
