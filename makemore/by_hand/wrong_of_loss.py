"""Wrong formulas for the gradients from the loss back to the logits. Knows what they would be right for."""

from makemore.by_hand.wrong_formula import Wrong

_PICK = "torch.zeros_like(logprobs).scatter(1, Y[:, None], {}) * dloss"
_TOP = "torch.zeros_like(logits).scatter(1, logits.argmax(1, keepdim=True), 1.0) * dlogit_maxes"

WRONG = (
    Wrong(
        "logprobs",
        "mean for sum",
        _PICK.format("-1.0"),
        "That is the gradient of the sum of the examples' losses. The loss is their mean: 1/n is missing.",
    ),
    Wrong(
        "logprobs",
        "wrong factor",
        "torch.full_like(logprobs, -1 / n) * dloss",
        "That is the gradient of a loss that reads every letter. This one reads the right letter of each "
        "row alone.",
    ),
    Wrong(
        "logprobs",
        "wrong sign",
        _PICK.format("1 / n"),
        "That is the gradient of the mean log-probability, which is −loss: descent would climb.",
    ),
    Wrong(
        "probs",
        "wrong factor",
        "probs * dlogprobs",
        "That goes back through an exponential whose output is probs. Here probs goes into a logarithm, "
        "whose slope is 1/probs.",
    ),
    Wrong(
        "probs",
        "cut chain",
        "dlogprobs",
        "That is the gradient of logprobs itself, as if the logarithm had slope 1 everywhere.",
    ),
    Wrong(
        "probs",
        "wrong factor",
        "-1 / probs**2 * dlogprobs",
        "−1/x² is the slope of 1/x; the slope of ln x is 1/x.",
    ),
    Wrong(
        "counts_sum_inv",
        "missing sum",
        "counts * dprobs",
        "That is the gradient of a table with a number of its own in each cell. One number a row "
        "multiplies all letters, so what comes back is summed over them.",
    ),
    Wrong(
        "counts_sum_inv",
        "sum along the wrong axis",
        "(counts * dprobs).sum(0, keepdim=True)",
        "That is the gradient of one number a letter. Here there is one a row: sum over the letters, axis 1.",
    ),
    Wrong(
        "counts_sum_inv",
        "wrong factor",
        "(probs * dprobs).sum(1, keepdim=True)",
        "That is the gradient of ln counts_sum_inv: its own value went in as one more factor.",
    ),
    Wrong(
        "counts_sum",
        "wrong sign",
        "counts_sum**-2 * dcounts_sum_inv",
        "That is the gradient through −1/x. A larger sum makes 1/x smaller.",
    ),
    Wrong(
        "counts_sum",
        "wrong factor",
        "-counts_sum**-1 * dcounts_sum_inv",
        "That is the gradient through −ln x; the exponent has to become one less: −x⁻².",
    ),
    Wrong(
        "counts_sum",
        "cut chain",
        "dcounts_sum_inv",
        "That is the gradient of counts_sum_inv, as if nothing lay between the two.",
    ),
    Wrong(
        "counts",
        "forgotten branch",
        "counts_sum_inv * dprobs",
        "That would be right if counts_sum were a constant. Each count is in the sum too, and acts on "
        "the loss on that path as well.",
    ),
    Wrong(
        "counts",
        "overwritten",
        "torch.ones_like(counts) * dcounts_sum",
        "That is the path through the sum alone: = stands where += has to, and the path through probs is "
        "lost.",
    ),
    Wrong(
        "counts",
        "wrong factor",
        "torch.ones_like(counts) * dcounts_sum + counts * dprobs",
        "The second term is what counts_sum_inv gets before its sum. The derivative by one factor is the "
        "other factor.",
    ),
    Wrong(
        "norm_logits",
        "cut chain",
        "dcounts",
        "That is the gradient of counts, as if the exponential had slope 1 everywhere.",
    ),
    Wrong(
        "norm_logits",
        "wrong factor",
        "norm_logits * dcounts",
        "That is the gradient through ½x²; the slope of eˣ is eˣ, which is counts.",
    ),
    Wrong(
        "norm_logits",
        "wrong factor",
        "dcounts / counts",
        "That goes back through a logarithm; the slope of eˣ is multiplied, not divided by.",
    ),
    Wrong(
        "logit_maxes",
        "missing sum",
        "-dnorm_logits",
        "That is the gradient of a table with a number of its own in each cell. One maximum was taken off "
        "a whole row, so what comes back is summed over it.",
    ),
    Wrong(
        "logit_maxes",
        "wrong sign",
        "dnorm_logits.sum(1, keepdim=True)",
        "That is the gradient of a maximum that is added. It was taken off, hence the minus.",
    ),
    Wrong(
        "logit_maxes",
        "sum along the wrong axis",
        "-dnorm_logits.sum(0, keepdim=True)",
        "That is the gradient of one number a letter. There is one maximum a row: axis 1.",
    ),
    Wrong(
        "logits",
        "forgotten branch",
        "dnorm_logits",
        "That would be right if the maxima were constants. The largest logit of each row is also its "
        "maximum.",
    ),
    Wrong(
        "logits",
        "overwritten",
        _TOP,
        "That is the path through the maximum alone: = stands where += has to.",
    ),
    Wrong(
        "logits",
        "wrong factor",
        "torch.ones_like(logits) * dlogit_maxes + dnorm_logits",
        "That would be right if the sum of each row were taken off. Of a maximum, only the largest logit "
        "gets a gradient.",
    ),
)
