"""The table of pages: order, titles, icons, and which page follows which. Knows no page's content."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page: its file in `pages/`, which is also its link, and how the navigation shows it.

    `heading` stands over the page where it says more than the title does. A `section` is a menu of
    the navigation; a page without one stands beside the menus.
    """

    file: str
    title: str
    icon: str
    section: str
    heading: str = ""

    @property
    def path(self) -> str:
        return f"pages/{self.file}.py"


PAGES = (
    Page("home", "Five models", "home", "", heading="Five models that make up names"),
    Page("bigram", "Counting pairs", "grid_on", "Models"),
    Page("bigram_nn", "The same as a net", "linear_scale", "Models"),
    Page("mlp", "Embedding and MLP", "scatter_plot", "Models"),
    Page("mlp_training", "Training it", "trending_down", "Models"),
    Page("initialisation", "Initialisation", "tune", "Models"),
    Page("batch_norm", "Batch norm", "equalizer", "Models"),
    Page("diagnostics", "Diagnostics", "monitor_heart", "Models"),
    Page("backprop", "Backprop by hand", "undo", "Models"),
    Page("wavenet", "Fusion tree", "account_tree", "Models"),
    Page("bricks", "Build a net", "stacks", "Models"),
    Page("name_lab", "Name lab", "science", "Tools"),
    Page("scoreboard", "Scoreboard", "leaderboard", "Tools"),
    Page("experiments", "Experiments", "query_stats", "Tools"),
    Page("checkpoints", "Checkpoints", "inventory_2", "Tools"),
)
HOME = PAGES[0]


def find_page(file: str) -> Page:
    """The page of this file. Raises KeyError for one that the table lacks."""
    return {page.file: page for page in PAGES}[file]


def find_next_page(page: Page) -> Page:
    """The page that follows; the first one follows the last."""
    return PAGES[(PAGES.index(page) + 1) % len(PAGES)]


def group_by_section() -> dict[str, list[Page]]:
    """The pages of each section, all in the order of the table."""
    sections: dict[str, list[Page]] = {}
    for page in PAGES:
        sections.setdefault(page.section, []).append(page)
    return sections
