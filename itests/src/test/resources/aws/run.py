"""Runs parts, each a function of a module, as in things.types; tells each operation that has succeeded."""
import importlib
import sys

from stand import SUCCEEDED

for part in sys.argv[1:]:
    module, function = part.split('.')
    getattr(importlib.import_module(module), function)()
print(*sorted(SUCCEEDED), sep='\n')
