"""Links by which customers pay: made, shown, handed over to a gateway, and recorded once."""
