"""Goods that are broken: taken out of sale at once, judged by somebody else later."""
