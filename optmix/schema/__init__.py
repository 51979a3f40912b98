"""What an instance is: the records of a site file, loading, migration, export."""
