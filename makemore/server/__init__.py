"""What the process does around the pages: start, patches of Streamlit, log, icon."""
