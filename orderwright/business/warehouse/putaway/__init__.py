"""Putting away: units on the receiving bench, and the bins they go to."""
