"""What people see on the desk: tray, window, toast, consent. The only room that knows Qt."""
