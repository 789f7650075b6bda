"""Those who carry out orders: a thread or a process, its loop, one order at a time."""
