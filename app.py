"""The door: names the pages and hands over. Knows no model and no chart."""

import streamlit as st

from makemore.ui import report, server
from makemore.ui.icon import icon

START = (("home", "Five models", "home"),)
MODELS = (
    ("bigram", "Counting pairs", "grid_on"),
    ("bigram_nn", "The same as a net", "linear_scale"),
    ("mlp", "Embedding and MLP", "scatter_plot"),
    ("mlp_bn", "Init and batch norm", "tune"),
    ("wavenet", "Fusion tree", "account_tree"),
    ("bricks", "Build a net", "stacks"),
)


def main() -> None:
    """Run the page that the link asks for."""
    st.set_page_config(page_title="makemore, explained", page_icon=icon(), layout="wide")
    sections = {"Start": START, "Models": MODELS}
    st.navigation(
        {
            section: [
                st.Page(
                    f"pages/{file}.py",
                    title=title,
                    icon=f":material/{symbol}:",
                    default=file == "home",
                )
                for file, title, symbol in pages
            ]
            for section, pages in sections.items()
        }
    ).run()


# Run as a script for every visit; imported once as `app` by the server, which wants the ASGI app;
# imported as `__mp_main__` by a spawned worker, which wants nothing.
if __name__ == "__main__":
    main()
elif __name__ == "app":
    # Streamlit finds the app by reading this very line, so it cannot move into a function.
    app = st.App(
        __file__,
        lifespan=server.lifespan,
        routes=server.ROUTES,
        on_script_error=report.page_failed,
    )
