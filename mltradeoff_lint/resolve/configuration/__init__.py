"""Values of configuration files and of the objects that are made of them."""
