"""Functions that take data and return a Figure; a module for each notebook."""
