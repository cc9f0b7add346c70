"""Files of orders come in: any table, told by a profile, accounted for to the last row."""
