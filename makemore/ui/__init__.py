"""What the pages share; beside app.py and pages/ the only place where `st.` is written."""
