"""Editing an order, in the order it happens: read it, draft what it becomes, decide its units, write, answer."""
