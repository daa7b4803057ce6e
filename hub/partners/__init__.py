"""Services of others that businesses and installations connect: one file each."""
