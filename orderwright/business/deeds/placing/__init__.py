"""Placing, in the order it happens: read and check, plan, take, write, answer."""
