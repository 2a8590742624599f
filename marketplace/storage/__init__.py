"""The database, its migrations, and the folder of pictures. One writer thread groups transactions."""
