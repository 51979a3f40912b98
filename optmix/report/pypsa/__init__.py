"""A site as a network of PyPSA, written as the folder of CSV files that PyPSA imports."""
