"""One module for each page and its deeds; registry.py lists them."""
