"""Library models as data: what calls, constructors, decorators and assignments of a library mean."""
