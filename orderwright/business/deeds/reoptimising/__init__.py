"""Routing again what is planned: read what stands, solve without a transaction, carry out what still fits."""
