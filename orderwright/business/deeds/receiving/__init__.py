"""Receiving: goods come in, are looked at, and go to a bin or to who waits for them."""
