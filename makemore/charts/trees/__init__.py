"""Charts of trees: nodes, edges, fragments."""
