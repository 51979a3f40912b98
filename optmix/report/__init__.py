"""What people see: result files, tables on the terminal, lists of what is shipped."""
