"""What must always be true across all areas. Reads every table, writes none; above all areas, below the doors."""
