"""The embedding and the two linear layers, one atom at a time. Knows no norm and no loss."""

from makemore.by_hand.gradient_entries import Entry, Path

EMBEDDING = (
    Entry(
        "C",
        r"C",
        "",
        "letters, embedding",
        "A parameter: one row of numbers a letter.",
        (),
        (
            Path(
                "emb",
                r"\sum_{i,k\,:\,X_{ik} = \text{row}} \partial\text{emb}_{ik}",
                "torch.zeros_like(C).index_add(0, X.flatten(), demb.flatten(0, 1))",
                "torch.zeros_like(C).index_add(0, X.flatten(), torch.ones_like(emb).flatten(0, 1))",
                "A row is used wherever its letter stands: what comes back from each place adds up.",
                "gathered",
            ),
        ),
    ),
    Entry(
        "emb",
        r"\text{emb}_{ik} = C_{X_{ik}}",
        "C[X]",
        "batch, block, embedding",
        "The row of each letter in view.",
        ("C",),
        (
            Path(
                "embcat",
                r"\partial\text{embcat}\ \text{(in three pieces)}",
                "dembcat.view(emb.shape)",
                "torch.ones_like(emb)",
                "The same numbers in another arrangement.",
                "reshaped",
            ),
        ),
    ),
    Entry(
        "embcat",
        r"\text{embcat}_i = [\text{emb}_{i1}, \text{emb}_{i2}, \text{emb}_{i3}]",
        "emb.flatten(1)",
        "batch, block·embedding",
        "The rows of a context side by side.",
        ("emb",),
        (
            Path(
                "hprebn",
                r"\partial\text{hprebn}\; W_1^\top",
                "dhprebn @ W1.T",
                "W1.T",
                "An input acts on every neuron; what comes back from each, by its weight, adds up.",
                "incoming @ local",
            ),
        ),
    ),
    Entry(
        "W1",
        r"W_1",
        "",
        "block·embedding, hidden",
        "A parameter: the weights of the hidden layer.",
        (),
        (
            Path(
                "hprebn",
                r"\text{embcat}^\top\, \partial\text{hprebn}",
                "embcat.T @ dhprebn",
                "embcat.T",
                "A weight is used by every example; what comes back from each, by its input, adds up.",
                "local @ incoming",
            ),
        ),
    ),
    Entry(
        "b1",
        r"b_1",
        "",
        "hidden",
        "A parameter that batch norm takes away again: its gradient is 0 but for rounding.",
        (),
        (
            Path(
                "hprebn",
                r"\sum_i \partial\text{hprebn}_{ij}",
                "dhprebn.sum(0)",
                "torch.ones_like(hprebn)",
                "One bias a neuron was added to every example: what comes back adds up.",
            ),
        ),
    ),
    Entry(
        "hprebn",
        r"\text{hprebn} = \text{embcat}\; W_1 + b_1",
        "embcat @ W1 + b1",
        "batch, hidden",
        "The hidden layer before batch norm.",
        ("embcat", "W1", "b1"),
        (
            Path(
                "bnmeani",
                r"\frac{1}{n}\; \partial\text{bnmeani}_j",
                "torch.ones_like(hprebn) / n * dbnmeani",
                "torch.ones_like(hprebn) / n",
                "A mean passes one n-th of its gradient on to each example.",
            ),
            Path(
                "bndiff",
                r"\partial\text{bndiff}_{ij}",
                "dbndiff",
                "torch.ones_like(hprebn)",
                "A difference passes its gradient on to what it is taken from.",
            ),
        ),
    ),
)

OUTPUT = (
    Entry(
        "W2",
        r"W_2",
        "",
        "hidden, letters",
        "A parameter: the weights of the last layer.",
        (),
        (
            Path(
                "logits",
                r"h^\top\, \partial\text{logits}",
                "h.T @ dlogits",
                "h.T",
                "A weight is used by every example; what comes back from each, by its input, adds up.",
                "local @ incoming",
            ),
        ),
    ),
    Entry(
        "b2",
        r"b_2",
        "",
        "letters",
        "A parameter: how likely each letter is whatever stands before it.",
        (),
        (
            Path(
                "logits",
                r"\sum_i \partial\text{logits}_{ij}",
                "dlogits.sum(0)",
                "torch.ones_like(logits)",
                "One bias a letter was added to every example: what comes back adds up.",
            ),
        ),
    ),
)
