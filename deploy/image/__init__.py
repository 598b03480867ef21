"""What goes into the image that all services run from."""
