"""Runs the test cases of one module that stands beside this file, and prints one JSON object a line for each:
`{"test": name, "state": "passed" | "failed" | "skipped", "text": why}`. The first line says which packages ran."""

import importlib
import json
import platform
import sys
import unittest
from importlib.metadata import version

PACKAGES = ("vmware-vcenter", "vmware-vapi-runtime", "requests")


class Lines(unittest.TestResult):
    """Prints each outcome as it comes."""

    def addSuccess(self, test):
        super().addSuccess(test)
        tell(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        tell(test, "failed", self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        tell(test, "failed", self.errors[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        tell(test, "skipped", reason)


def tell(test, state, text=""):
    method = getattr(test, "_testMethodName", str(test))
    name = method.removeprefix("test_").replace("_", " ")
    print(json.dumps({"test": name, "state": state, "text": text}), flush=True)


def main():
    versions = [f"{name} {version(name)}" for name in PACKAGES]
    client = ", ".join([*versions, f"Python {platform.python_version()}"])
    print(json.dumps({"client": client}), flush=True)
    suite = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(sys.argv[1]))
    result = Lines()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
