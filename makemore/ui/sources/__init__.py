"""What is loaded or worked out once for all visitors. Draws nothing."""
