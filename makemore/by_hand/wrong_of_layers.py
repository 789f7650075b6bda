"""Wrong formulas for the gradients of the linear layers and the embedding. Knows what they would be right for."""

from makemore.by_hand.wrong_formula import Wrong

WRONG = (
    Wrong(
        "W2",
        "missing transpose",
        "h @ dlogits",
        "The inner sizes do not meet: (batch, hidden) @ (batch, letters). The batch has to be summed over.",
    ),
    Wrong(
        "W2",
        "missing transpose",
        "dlogits.T @ h",
        "That is the right gradient turned over: (letters, hidden), where W2 is (hidden, letters).",
    ),
    Wrong(
        "W2",
        "mean for sum",
        "h.T @ dlogits / n",
        "That is one n-th of the gradient: 1/n is in dlogits already.",
    ),
    Wrong(
        "b2",
        "missing sum",
        "dlogits",
        "That is the gradient of a bias for each example. All examples share one, so theirs add up.",
    ),
    Wrong(
        "b2",
        "mean for sum",
        "dlogits.mean(0)",
        "That is one n-th of the gradient: 1/n is in dlogits already.",
    ),
    Wrong(
        "b2",
        "sum along the wrong axis",
        "dlogits.sum(1)",
        "That is one number an example, and 0 for each: the rows of dlogits sum to 0.",
    ),
    Wrong(
        "hprebn",
        "forgotten branch",
        "dbndiff",
        "That would be right if the mean were a constant: each example has a share of 1/n in it.",
    ),
    Wrong(
        "hprebn",
        "overwritten",
        "torch.ones_like(hprebn) / n * dbnmeani",
        "That is the path through the mean alone: = stands where += has to.",
    ),
    Wrong(
        "hprebn",
        "mean for sum",
        "torch.ones_like(hprebn) * dbnmeani + dbndiff",
        "On the path through the mean that is the gradient of a sum: 1/n is missing.",
    ),
    Wrong(
        "W1",
        "missing transpose",
        "embcat @ dhprebn",
        "The inner sizes do not meet: (batch, inputs) @ (batch, hidden). The batch has to be summed over.",
    ),
    Wrong(
        "W1",
        "missing transpose",
        "dhprebn.T @ embcat",
        "That is the right gradient turned over: (hidden, inputs), where W1 is (inputs, hidden).",
    ),
    Wrong(
        "W1",
        "cut chain",
        "embcat.T @ dhpreact",
        "That is the gradient of a net without batch norm: the whole of it was skipped.",
    ),
    Wrong(
        "b1",
        "missing sum",
        "dhprebn",
        "That is the gradient of a bias for each example. All examples share one, so theirs add up.",
    ),
    Wrong(
        "b1",
        "cut chain",
        "dhpreact.sum(0)",
        "That is the gradient of bnbias, the bias behind the norm. Before the norm it is taken away again.",
    ),
    Wrong(
        "b1",
        "sum along the wrong axis",
        "dhprebn.sum(1)",
        "That is one number an example. There is one bias a neuron: sum over the batch, axis 0.",
    ),
    Wrong(
        "embcat",
        "missing transpose",
        "dhprebn @ W1",
        "The inner sizes do not meet: (batch, hidden) @ (inputs, hidden). With the transpose they do.",
    ),
    Wrong(
        "embcat",
        "missing transpose",
        "W1 @ dhprebn.T",
        "That is the right gradient turned over: (inputs, batch), where embcat is (batch, inputs).",
    ),
    Wrong(
        "embcat",
        "cut chain",
        "dhpreact @ W1.T",
        "That is the gradient of a net without batch norm: the whole of it was skipped.",
    ),
    Wrong(
        "emb",
        "cut chain",
        "dembcat",
        "The numbers are right, but as the rows of embcat: each has to be cut into its three letters.",
    ),
    Wrong(
        "emb",
        "missing transpose",
        "dembcat.view(n, emb.shape[2], emb.shape[1]).transpose(1, 2)",
        "The shape is right, but the numbers are dealt out to the letters in turn: that is the gradient of "
        "another arrangement.",
    ),
    Wrong(
        "emb",
        "mean for sum",
        "dembcat.view(emb.shape).mean(1, keepdim=True).expand_as(emb)",
        "That is the gradient of a net that sees the sum of the three rows: each place would get the same.",
    ),
    Wrong(
        "C",
        "overwritten",
        "torch.zeros_like(C).index_put((X.flatten(),), demb.flatten(0, 1))",
        "= in the place of +=: of all the places at which a letter stands, the last one written wins.",
    ),
    Wrong(
        "C",
        "mean for sum",
        "torch.zeros_like(C).index_add(0, X.flatten(), demb.flatten(0, 1)) / n",
        "That is one n-th of the gradient: 1/n is in demb already.",
    ),
    Wrong(
        "C",
        "forgotten branch",
        "torch.zeros_like(C).index_add(0, X[:, -1], demb[:, -1])",
        "That would be right if only the last letter of a context were looked up.",
    ),
)
