"""The controller: what a cluster knows, and all that changes it."""
