"""The database, its migrations, the folder of pictures. One writer thread groups transactions."""
