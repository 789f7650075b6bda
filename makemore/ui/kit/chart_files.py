"""Lets the browser keep any chart as PNG and SVG, and its data as CSV. Knows no chart.

The script adds itself to the bar that Streamlit draws over a chart, for pointer, finger and keyboard. The
frame of the pages brings it to the browser.
"""

from pathlib import Path

SCRIPT = Path(__file__).with_name("chart_files.js").read_text()
