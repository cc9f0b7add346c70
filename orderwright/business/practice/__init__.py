"""The course of the stores people practise in: its tasks, and what the store's own facts say of them."""
