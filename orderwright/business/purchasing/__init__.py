"""Suppliers, what is ordered from them, what of it came, and what runs low."""
