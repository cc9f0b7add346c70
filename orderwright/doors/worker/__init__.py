"""Doing what facts lead to: tasks and schedules."""
