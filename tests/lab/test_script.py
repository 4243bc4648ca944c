"""The scripts of calls themselves: no Asterisk is needed."""

import tempfile
import unittest

import script

TEXT = """
voice = espeak:ru          ; for all
[busy]                     ; one call
noise = 300
< Здравствуйте! *
> соедините
= transfer 105 context who=105
[empty]
"""


def parsed(text):
    with tempfile.NamedTemporaryFile("w", suffix=".calls") as file:
        file.write(text)
        file.flush()
        return script.read(file.name)


class Scripts(unittest.TestCase):
    def test_read(self):
        """a script of calls has settings for all and for one"""
        busy, empty = parsed(TEXT)
        self.assertEqual((busy.title, busy.settings), ("busy", {"voice": "espeak:ru", "noise": 300}))
        self.assertEqual(busy.lines, [("<", "Здравствуйте! *"), (">", "соедините"), ("=", "transfer 105 context who=105")])
        self.assertEqual((empty.settings, empty.lines), ({"voice": "espeak:ru"}, []))

    def test_bad_line(self):
        """a line no script knows is an error with its number"""
        with self.assertRaisesRegex(script.ScriptError, ":2: not understood: tone = 5"):
            parsed("[one]\ntone = 5\n")

    def test_difference(self):
        """a call that went otherwise is told by its first wrong line"""
        busy = parsed(TEXT)[0]
        good = [("<", "Здравствуйте! Я Оксана."), (">", "соедините"), ("=", "transfer 105 context who=105")]
        self.assertIsNone(script.difference(busy, good))
        self.assertIn("but the call ended", script.difference(busy, good[:2]))
        self.assertIn("wanted < Здравствуйте!", script.difference(busy, good[1:]))
        self.assertIn("wanted no more", script.difference(busy, [*good, ("=", "busy")]))
