"""Starting, stopping, and the tree of processes in between."""
