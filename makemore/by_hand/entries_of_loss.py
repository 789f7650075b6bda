"""From logits to loss: the softmax and the cross-entropy, one atom at a time. Knows no layer below."""

from makemore.by_hand.gradient_entries import Entry, Path

ENTRIES = (
    Entry(
        "logits",
        r"\text{logits} = h\,W_2 + b_2",
        "h @ W2 + b2",
        "batch, letters",
        "One number a letter: the higher, the likelier.",
        ("h", "W2", "b2"),
        (
            Path(
                "logit_maxes",
                r"\mathbb{1}[j = \arg\max]\; \partial\text{logit\_maxes}_i",
                "torch.zeros_like(logits).scatter(1, logits.argmax(1, keepdim=True), 1.0) * dlogit_maxes",
                "torch.zeros_like(logits).scatter(1, logits.argmax(1, keepdim=True), 1.0)",
                "Only the largest logit of a row became its maximum, so it alone gets that gradient.",
            ),
            Path(
                "norm_logits",
                r"\partial\text{norm\_logits}_{ij}",
                "dnorm_logits",
                "torch.ones_like(logits)",
                "A difference passes its gradient on to what it is taken from.",
            ),
        ),
    ),
    Entry(
        "logit_maxes",
        r"\text{logit\_maxes}_i = \max_j \text{logits}_{ij}",
        "logits.max(1, keepdim=True).values",
        "batch, 1",
        "Taken off each row so that no exponential overflows; it changes no probability.",
        ("logits",),
        (
            Path(
                "norm_logits",
                r"-\sum_j \partial\text{norm\_logits}_{ij}",
                "-dnorm_logits.sum(1, keepdim=True)",
                "-torch.ones_like(norm_logits)",
                "One number was taken off a whole row: its gradients add up, with a minus. The sum is 0 but "
                "for rounding, as it must be where the loss does not depend on the maximum.",
            ),
        ),
    ),
    Entry(
        "norm_logits",
        r"\text{norm\_logits}_{ij} = \text{logits}_{ij} - \text{logit\_maxes}_i",
        "logits - logit_maxes",
        "batch, letters",
        "The same logits with 0 as the largest of each row.",
        ("logits", "logit_maxes"),
        (
            Path(
                "counts",
                r"\text{counts}_{ij}\; \partial\text{counts}_{ij}",
                "counts * dcounts",
                "counts",
                "The exponential is its own derivative.",
            ),
        ),
    ),
    Entry(
        "counts",
        r"\text{counts}_{ij} = e^{\text{norm\_logits}_{ij}}",
        "norm_logits.exp()",
        "batch, letters",
        "Positive weights, as if the letters had been counted.",
        ("norm_logits",),
        (
            Path(
                "counts_sum",
                r"\partial\text{counts\_sum}_i",
                "torch.ones_like(counts) * dcounts_sum",
                "torch.ones_like(counts)",
                "A sum passes its gradient on to each of its terms.",
            ),
            Path(
                "probs",
                r"\text{counts\_sum\_inv}_i\; \partial\text{probs}_{ij}",
                "counts_sum_inv * dprobs",
                "counts_sum_inv",
                "The derivative of a product by one factor is the other factor.",
            ),
        ),
    ),
    Entry(
        "counts_sum",
        r"\text{counts\_sum}_i = \sum_j \text{counts}_{ij}",
        "counts.sum(1, keepdim=True)",
        "batch, 1",
        "What the weights of a row are divided by.",
        ("counts",),
        (
            Path(
                "counts_sum_inv",
                r"-\text{counts\_sum}_i^{-2}\; \partial\text{counts\_sum\_inv}_i",
                "-counts_sum**-2 * dcounts_sum_inv",
                "-counts_sum**-2",
                "The derivative of 1/x is −1/x².",
            ),
        ),
    ),
    Entry(
        "counts_sum_inv",
        r"\text{counts\_sum\_inv}_i = \text{counts\_sum}_i^{-1}",
        "counts_sum**-1",
        "batch, 1",
        "Division written as a product, so that each line does one thing.",
        ("counts_sum",),
        (
            Path(
                "probs",
                r"\sum_j \text{counts}_{ij}\; \partial\text{probs}_{ij}",
                "(counts * dprobs).sum(1, keepdim=True)",
                "counts",
                "One number a row was multiplied with all letters: what comes back from each adds up.",
            ),
        ),
    ),
    Entry(
        "probs",
        r"\text{probs}_{ij} = \text{counts}_{ij}\; \text{counts\_sum\_inv}_i",
        "counts * counts_sum_inv",
        "batch, letters",
        "Each row sums to 1: the softmax.",
        ("counts", "counts_sum_inv"),
        (
            Path(
                "logprobs",
                r"\frac{\partial\text{logprobs}_{ij}}{\text{probs}_{ij}}",
                "1 / probs * dlogprobs",
                "1 / probs",
                "The derivative of ln x is 1/x: the less likely the right letter was, the larger.",
            ),
        ),
    ),
    Entry(
        "logprobs",
        r"\text{logprobs}_{ij} = \ln \text{probs}_{ij}",
        "probs.log()",
        "batch, letters",
        "Products of probabilities become sums.",
        ("probs",),
        (
            Path(
                "loss",
                r"-\frac{1}{n}\, \mathbb{1}[j = y_i]",
                "torch.zeros_like(logprobs).scatter(1, Y[:, None], -1 / n) * dloss",
                "torch.zeros_like(logprobs).scatter(1, Y[:, None], -1 / n)",
                "Of each row the loss reads the right letter alone, and takes the mean over n examples.",
            ),
        ),
    ),
    Entry(
        "loss",
        r"\text{loss} = -\frac{1}{n}\sum_i \text{logprobs}_{i,\,y_i}",
        "-logprobs.gather(1, Y[:, None]).mean()",
        "one number",
        "The mean NLL of the right letters, in nats.",
        ("logprobs",),
    ),
)
