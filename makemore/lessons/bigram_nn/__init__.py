"""The step bodies of pages/bigram_nn.py."""
