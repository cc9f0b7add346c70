"""Warehouse: what goes to the floor, the walk to pick it, and what comes back off the floor."""
