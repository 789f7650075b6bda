"""What the command line does and prints."""
