"""What several commands do alike: a call, its view of the cluster, submitting, printing."""
