"""Widgets and the frame that several pages share."""
