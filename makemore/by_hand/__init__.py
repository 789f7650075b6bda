"""Mathematics written out on tensors, without nn.Module; tests hold it against autograd."""
