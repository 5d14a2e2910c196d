"""Which cluster is on here: a lesson's facts, bundled clusters, switching on."""
