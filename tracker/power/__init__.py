"""Lock, sleep and the session's end, as the system tells of them."""
