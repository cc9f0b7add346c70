"""Returns: asked for, received, inspected, settled."""
