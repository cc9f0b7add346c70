"""People and their hours: who may do what, who is at work, and what an hour of work brings."""
