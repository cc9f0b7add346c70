"""The parts of letting work out: what is chosen, and what is written."""
