"""How pickers walk: a site's layout, shortest tours over it, their minutes and their picture. Pure."""
