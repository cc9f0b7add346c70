"""Scanning: what devices send, decided by the pure steps of each kind of session and done by the deeds of the API."""
