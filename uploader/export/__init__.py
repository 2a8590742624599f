"""Write one's own weeks as a bundle, from the state folder. The program may run at the same time."""
