"""Orders being written down (drafts), and orders as they would be taken until a day (quotes)."""
