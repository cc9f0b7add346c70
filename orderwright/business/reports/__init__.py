"""The figures an owner steers by: each a written definition, computed from rows anybody can look at."""
