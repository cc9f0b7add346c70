"""What the floor prints: pick lists, slips and labels as PDF, labels for thermal printers as ZPL."""
