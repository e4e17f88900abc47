"""Runs one checker over a small tree that the test writes."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

LINT = Path(__file__).resolve().parents[4] / "scripts" / "lint"


class LintCase(unittest.TestCase):
    checker = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def lint(self, *arguments, path=None):
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        if path is not None:
            environment["PATH"] = path
        return subprocess.run([sys.executable, str(LINT / self.checker), str(self.root), *arguments],
                              capture_output=True, text=True, check=False, env=environment)

    def assert_accepted(self, *arguments):
        done = self.lint(*arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def assert_refused(self, *lines, arguments=()):
        """Exactly these lines are told, each beginning as given, in any order."""
        done = self.lint(*arguments)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        told = done.stdout.splitlines()
        self.assertEqual(len(told), len(lines), done.stdout)
        for line in lines:
            self.assertTrue(any(t.startswith(line) for t in told), f"{line!r} is not in\n{done.stdout}")
