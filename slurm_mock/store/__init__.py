"""The store: one SQLite file in the cluster's state directory.  Only this part speaks SQL."""
