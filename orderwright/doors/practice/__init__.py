"""Stores to practise in: made on one click, filled with invented orders, thrown away."""
