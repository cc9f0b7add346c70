"""Today: the numbers an owner looks at first, the flow of work through the shop, what limits it, what will be late."""
