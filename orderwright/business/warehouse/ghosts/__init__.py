"""Ghost stock: booked and not there, there and not booked, from what happened around each bin."""
