"""Transfers between sites: suggested, planned, loaded, received."""
