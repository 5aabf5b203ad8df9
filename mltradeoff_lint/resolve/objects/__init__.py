"""Classes and their objects: members, fields, bases, annotations and how objects come about."""
