"""Stories the demo can tell: one shop's worst days, lived through in its store, beside the same days on paper."""
