"""JSON over HTTP, under /v1. Adding a route is one decorated function in routes/."""
