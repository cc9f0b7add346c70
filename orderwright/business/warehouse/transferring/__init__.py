"""Goods between our sites: who has more than they need, what is on its way, what came."""
