"""Orderwright: from placed to kept. See docs/architecture.md."""

__version__ = "0.1.0"
