"""The shop tortured: processes killed at random and at named moments, power cut, database stopped."""
