"""Reading the folders of Flee and FabFlee."""
