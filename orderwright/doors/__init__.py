"""Ways in: API, command line, worker. They parse, call one action and show; they decide nothing."""
