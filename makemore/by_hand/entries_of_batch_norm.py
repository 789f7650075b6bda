"""Batch norm and the tanh after it, one atom at a time. Knows no layer before it and none behind."""

from makemore.by_hand.gradient_entries import Entry, Path

EPSILON = 1e-5  # in the code below

ENTRIES = (
    Entry(
        "bnmeani",
        r"\text{bnmeani}_j = \frac{1}{n}\sum_i \text{hprebn}_{ij}",
        "1 / n * hprebn.sum(0, keepdim=True)",
        "1, hidden",
        "The mean of each neuron over the batch.",
        ("hprebn",),
        (
            Path(
                "bndiff",
                r"-\sum_i \partial\text{bndiff}_{ij}",
                "-dbndiff.sum(0, keepdim=True)",
                "-torch.ones_like(bndiff)",
                "One mean was taken off every example: what comes back from each adds up, with a minus.",
            ),
        ),
    ),
    Entry(
        "bndiff",
        r"\text{bndiff}_{ij} = \text{hprebn}_{ij} - \text{bnmeani}_j",
        "hprebn - bnmeani",
        "batch, hidden",
        "How far each example is from the mean.",
        ("hprebn", "bnmeani"),
        (
            Path(
                "bndiff2",
                r"2\,\text{bndiff}_{ij}\; \partial\text{bndiff2}_{ij}",
                "2 * bndiff * dbndiff2",
                "2 * bndiff",
                "The derivative of x² is 2x.",
            ),
            Path(
                "bnraw",
                r"\text{bnvar\_inv}_j\; \partial\text{bnraw}_{ij}",
                "bnvar_inv * dbnraw",
                "bnvar_inv",
                "The derivative of a product by one factor is the other factor.",
            ),
        ),
    ),
    Entry(
        "bndiff2",
        r"\text{bndiff2}_{ij} = \text{bndiff}_{ij}^2",
        "bndiff**2",
        "batch, hidden",
        "Squared, so that both sides of the mean count.",
        ("bndiff",),
        (
            Path(
                "bnvar",
                r"\frac{1}{n-1}\; \partial\text{bnvar}_j",
                "torch.ones_like(bndiff2) / (n - 1) * dbnvar",
                "torch.ones_like(bndiff2) / (n - 1)",
                "A sum passes its gradient on to every term; here divided by n − 1, as forward.",
            ),
        ),
    ),
    Entry(
        "bnvar",
        r"\text{bnvar}_j = \frac{1}{n-1}\sum_i \text{bndiff2}_{ij}",
        "1 / (n - 1) * bndiff2.sum(0, keepdim=True)",
        "1, hidden",
        "The unbiased variance (Bessel's correction): n − 1, as one degree of freedom went into the mean.",
        ("bndiff2",),
        (
            Path(
                "bnvar_inv",
                r"-\tfrac{1}{2}\,(\text{bnvar}_j + \varepsilon)^{-3/2}\; \partial\text{bnvar\_inv}_j",
                "-0.5 * (bnvar + 1e-5)**-1.5 * dbnvar_inv",
                "-0.5 * (bnvar + 1e-5)**-1.5",
                "The power rule: the exponent comes down, and is one less.",
            ),
        ),
    ),
    Entry(
        "bnvar_inv",
        r"\text{bnvar\_inv}_j = (\text{bnvar}_j + \varepsilon)^{-1/2}",
        "(bnvar + 1e-5)**-0.5",
        "1, hidden",
        "One over the standard deviation; ε = 1e-5 keeps it finite where all examples are alike.",
        ("bnvar",),
        (
            Path(
                "bnraw",
                r"\sum_i \text{bndiff}_{ij}\; \partial\text{bnraw}_{ij}",
                "(bndiff * dbnraw).sum(0, keepdim=True)",
                "bndiff",
                "One number a neuron was multiplied with every example: what comes back adds up.",
            ),
        ),
    ),
    Entry(
        "bnraw",
        r"\text{bnraw}_{ij} = \text{bndiff}_{ij}\; \text{bnvar\_inv}_j",
        "bndiff * bnvar_inv",
        "batch, hidden",
        "Each neuron with mean 0 and variance 1 over the batch.",
        ("bndiff", "bnvar_inv"),
        (
            Path(
                "hpreact",
                r"\text{bngain}_j\; \partial\text{hpreact}_{ij}",
                "bngain * dhpreact",
                "bngain",
                "The derivative of a product by one factor is the other factor.",
            ),
        ),
    ),
    Entry(
        "bngain",
        r"\gamma = \text{bngain}",
        "",
        "1, hidden",
        "A parameter: how far a neuron spreads after all.",
        (),
        (
            Path(
                "hpreact",
                r"\sum_i \text{bnraw}_{ij}\; \partial\text{hpreact}_{ij}",
                "(bnraw * dhpreact).sum(0, keepdim=True)",
                "bnraw",
                "One gain a neuron was multiplied with every example: what comes back adds up.",
            ),
        ),
    ),
    Entry(
        "bnbias",
        r"\beta = \text{bnbias}",
        "",
        "1, hidden",
        "A parameter: where a neuron has its middle.",
        (),
        (
            Path(
                "hpreact",
                r"\sum_i \partial\text{hpreact}_{ij}",
                "dhpreact.sum(0, keepdim=True)",
                "torch.ones_like(hpreact)",
                "One bias a neuron was added to every example: what comes back adds up.",
            ),
        ),
    ),
    Entry(
        "hpreact",
        r"\text{hpreact}_{ij} = \text{bngain}_j\; \text{bnraw}_{ij} + \text{bnbias}_j",
        "bngain * bnraw + bnbias",
        "batch, hidden",
        "What goes into the tanh.",
        ("bngain", "bnraw", "bnbias"),
        (
            Path(
                "h",
                r"(1 - h_{ij}^2)\; \partial h_{ij}",
                "(1 - h**2) * dh",
                "1 - h**2",
                "The derivative of tanh, written with its own output: 1 in the middle, 0 where it is flat.",
            ),
        ),
    ),
    Entry(
        "h",
        r"h_{ij} = \tanh(\text{hpreact}_{ij})",
        "torch.tanh(hpreact)",
        "batch, hidden",
        "The hidden activations, from −1 to 1.",
        ("hpreact",),
        (
            Path(
                "logits",
                r"\partial\text{logits}\; W_2^\top",
                "dlogits @ W2.T",
                "W2.T",
                "A neuron acts on every letter; what comes back from each, by its weight, adds up. The shapes "
                "leave no other choice: (batch, letters) @ (letters, hidden).",
                "incoming @ local",
            ),
        ),
    ),
)
