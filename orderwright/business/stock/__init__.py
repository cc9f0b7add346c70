"""Stock: where every unit lies, how it came there, and what is promised of it."""
