"""Programs that the Makefile calls; nothing of this is installed with the package."""
