"""Staff: who signs in, by what proof, with which roles; sessions, one-time links, shared devices."""
