"""Random commands against the actions, seeded, and whether everything that must be true still is."""
