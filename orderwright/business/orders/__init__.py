"""Orders: take, check, hold, cancel; the exceptions that need a person."""
