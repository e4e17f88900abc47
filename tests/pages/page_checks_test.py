"""The checks of pages refuse what they are there to refuse."""
import pathlib
import tempfile
import unittest

import page_checks

GOOD = """<!DOCTYPE html><html lang="en"><head><title>t</title></head><body><h2 id="a">A</h2><a href="#a">a</a>
<a href="other.html#b">b</a><img alt="x" src="data:image/png;base64,AA=="><svg aria-label="s"><rect x="1"/></svg>
<table><tr><th scope="col">c</th></tr></table></body></html>"""


class PageChecks(unittest.TestCase):
    def problems(self, text):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder, "page.html")
            page.write_text(text)
            pathlib.Path(folder, "other.html").write_text(GOOD.replace('id="a"', 'id="b"'))
            return list(page_checks.check(page))

    def test_a_good_page_has_none(self):
        self.assertEqual(self.problems(GOOD), [])

    def test_each_fault_is_found(self):
        for good, bad, word in (('href="#a"', 'href="#c"', "nothing has the id"),
                                ("other.html#b", "other.html#c", "nothing in other.html"),
                                ("other.html", "gone.html", "not there"),
                                ("data:image/png;base64,AA==", "https://example.com/x.png", "network"),
                                ('alt="x"', 'alt=""', "picture"), ("</h2>", "</h3>", "closes"),
                                (' aria-label="s"', "", "drawing"), ('scope="col"', "", "scope"),
                                ('lang="en"', "", "language"), ("<title>t", "<title>", "title"),
                                ('<h2 id="a">', '<h2 id="a" onclick="x()">', "handler"),
                                ("</body>", '<p id="a"></p></body>', "twice"), ("</table>", "", "closes")):
            with self.subTest(bad):
                self.assertIn(good, GOOD)
                self.assertTrue(any(word in p for p in self.problems(GOOD.replace(good, bad))))


if __name__ == "__main__":
    unittest.main()
