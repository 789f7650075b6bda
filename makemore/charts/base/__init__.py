"""What every chart is made of: spec and frames, colours, images."""
