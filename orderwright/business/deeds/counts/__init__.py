"""What counts lead to: the books follow, promises that break are freed, others count again."""
