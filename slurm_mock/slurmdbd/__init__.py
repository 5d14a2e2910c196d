"""The accounting database: accounts, associations, QOS, usage."""
