"""Products, sites, channels: what can be sold, from where, through what."""
