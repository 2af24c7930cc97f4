"""State on disk: the workspace's rooms, atomic files, Parquet tables and the ledger."""
