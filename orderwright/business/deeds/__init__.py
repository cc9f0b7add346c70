"""Deeds that span areas in one transaction: place, cancel, fill, release ..."""
