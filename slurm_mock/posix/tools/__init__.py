"""The programs of a POSIX machine: awk, sed, grep and the like."""
