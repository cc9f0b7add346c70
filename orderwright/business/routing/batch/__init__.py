"""Re-optimising many unreleased orders at once: a pure calculation on a frozen snapshot."""
