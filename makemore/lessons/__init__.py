"""The bodies of the pages' steps, one folder a page; a lesson never imports another."""
