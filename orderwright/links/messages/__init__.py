"""Post offices for messages."""
