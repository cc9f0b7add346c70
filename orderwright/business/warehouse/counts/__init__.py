"""Counting: what lies in bins against what the books say, by people and by tags; what the books may have wrong."""
