"""Controls that move a picture; a module for each widget."""
