"""Carton choice: which carton, filled how, at what cost. Pure: knows no database."""
