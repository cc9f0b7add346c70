"""Packing, in the order it happens: read what is in the tote, fill parcels, weigh, write."""
