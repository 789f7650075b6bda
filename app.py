"""The door: hands over to the page that is asked for. Knows no model and no chart."""

import streamlit as st
from starlette.middleware import Middleware

from makemore.server import error_log, former_addresses, headers, lifespan
from makemore.server.tab_icon import draw_icon
from makemore.ui.kit import navigation, page_frame


def main() -> None:
    """Run the page that the link asks for."""
    st.set_page_config(page_title="makemore, explained", page_icon=draw_icon(), layout="wide")
    page = st.navigation(navigation.pages_by_section(), position="top")
    with page_frame.around_pages():
        page.run()


# Run as a script for every visit; imported once as `app` by the server, which wants the ASGI app;
# imported as `__mp_main__` by a spawned worker, which wants nothing.
if __name__ == "__main__":
    main()
elif __name__ == "app":
    # Streamlit finds the app by reading this very line, so it cannot move into a function.
    app = st.App(
        __file__,
        lifespan=lifespan.lifespan,
        routes=lifespan.ROUTES,
        middleware=[
            Middleware(headers.Guard),
            Middleware(former_addresses.FormerAddresses),
        ],
        on_script_error=error_log.log_failed_page,
    )
