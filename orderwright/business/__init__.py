"""The stages of an order's life, one folder each, in the order shop people would name them."""
