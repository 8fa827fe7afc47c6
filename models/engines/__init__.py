"""How articles flow through a model: on one machine or on a Ray cluster, with the same records."""
