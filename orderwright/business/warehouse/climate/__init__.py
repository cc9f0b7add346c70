"""Storage conditions: temperature and humidity of zones, read against limits."""
