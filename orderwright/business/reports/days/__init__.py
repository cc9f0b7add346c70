"""What each day came to: told by schedule, told again when something of the day changes, and added up to periods."""
