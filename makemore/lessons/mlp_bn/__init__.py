"""The step bodies of pages/mlp_bn.py."""
