"""Pages about an account: sign-in, sessions, computers, picture views."""
