"""The demo: a real shop's orders through their whole life on a moving clock, ending now."""
