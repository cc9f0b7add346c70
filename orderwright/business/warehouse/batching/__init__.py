"""Which orders ride on which cart, how they are picked, and what that costs in metres and minutes. Pure."""
