"""Shipping: parcels and what they weigh, labels bought once, and the road to the customer."""
