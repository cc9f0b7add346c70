"""Which products to move where, so that pickers walk less. Pure."""
