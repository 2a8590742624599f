"""Weekly reports by e-mail: recipients that confirm their address, the contents, the schedule."""
