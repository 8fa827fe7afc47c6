"""What people look at: the report and the discourse network. Reads records only."""
