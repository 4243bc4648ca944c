"""Lists the lab's tests for CTest: a line `MODULE.CLASS.METHOD<TAB>SENTENCE` each. A test's docstring is its sentence."""

import pathlib
import unittest


def walk(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from walk(test)
        else:
            yield test


def sentence(test):
    prefix = getattr(type(test), "where", getattr(type(test), "version", ""))
    return f"{prefix and f'Asterisk {prefix}: '}{test.shortDescription() or test.id()}"


for found in walk(unittest.defaultTestLoader.discover(str(pathlib.Path(__file__).parent), "test_*.py")):
    print(f"{found.id()}\t{sentence(found)}")
