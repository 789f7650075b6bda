"""The steps of the scoreboard."""
