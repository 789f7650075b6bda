"""Changes weights and tells events. Knows no file, no screen, no thread."""
