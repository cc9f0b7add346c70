"""Carriers: each file is one, and implements shipping's port."""
