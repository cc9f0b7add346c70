"""Packing: cartons and their stock, what goes in besides, what packers chose, checks, weights learned, photos."""
