"""Picking, as pick and report_short share it."""
