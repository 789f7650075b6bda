"""What a link says, and the only place that reads or writes the address. Knows no page and no model.

    notices.py   what the visitor is told of what a link asked for in vain
    carried.py   name, seed and list, which follow the visitor from page to page
    steps.py     the step of a page
    switches.py  the switches of a step: which model, which view, which temperature

Everything that comes by a link is checked here or by whoever asks for it; what is no good leaves the
link, and the visitor is told what is shown instead. What is as it is by default stands in no link.
"""

from makemore.ui.kit.links.carried import (
    CARRIED,
    DEFAULT_NAME,
    LIST,
    MOST_SEED,
    NAME,
    SCRIPT,
    SEED,
    carry,
    correct,
    put_list,
    put_name,
    put_seed,
    read_list,
    read_name,
    read_seed,
    said_seed,
)
from makemore.ui.kit.links.notices import (
    Notice,
    forget_notices,
    notify,
    parse_number,
    read_notices,
    shorten,
)
from makemore.ui.kit.links.steps import STEP, go_to, read_step
from makemore.ui.kit.links.switches import OWN, Subsets, Tenths, View, bound, current_view, drawing

__all__ = [
    "CARRIED",
    "DEFAULT_NAME",
    "LIST",
    "MOST_SEED",
    "NAME",
    "OWN",
    "SCRIPT",
    "SEED",
    "STEP",
    "Notice",
    "Subsets",
    "Tenths",
    "View",
    "bound",
    "carry",
    "correct",
    "current_view",
    "drawing",
    "forget_notices",
    "go_to",
    "notify",
    "parse_number",
    "put_list",
    "put_name",
    "put_seed",
    "read_list",
    "read_name",
    "read_notices",
    "read_seed",
    "read_step",
    "said_seed",
    "shorten",
]
