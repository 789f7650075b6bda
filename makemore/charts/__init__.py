"""Turns tidy frames into Vega-Lite specs. Knows pandas and altair; no torch, no Streamlit."""
