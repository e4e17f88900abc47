"""What every page that tessera writes must hold, checked without a browser."""
import pathlib
import urllib.parse
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Elements of SVG that are written without an end tag.
SELF_CLOSED = {"rect", "line", "circle", "path"}


class Page(HTMLParser):
    """Collects ids, links and problems of one page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.ids, self.links, self.problems, self.open = set(), [], [], []
        self.title = ""
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"never closed: {', '.join(self.open)}")
        if not self.title.strip():
            self.problems.append("no title")

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if "id" in attributes:
            if attributes["id"] in self.ids:
                self.problems.append(f"id \"{attributes['id']}\" is given twice")
            self.ids.add(attributes["id"])
        for name in ("href", "src"):
            if name in attributes:
                self.links.append(attributes[name])
        for name in attributes:
            if name.startswith("on"):
                self.problems.append(f"<{tag}> has a handler {name}")
        if tag == "img" and not attributes.get("alt"):
            self.problems.append("a picture without a description")
        if tag == "svg" and not attributes.get("aria-label"):
            self.problems.append("a drawing without a description")
        if tag == "th" and attributes.get("scope") not in ("col", "row"):
            self.problems.append("a heading of a table without its scope")
        if tag == "html" and not attributes.get("lang"):
            self.problems.append("the page names no language")
        if tag not in VOID and not (tag in SELF_CLOSED and self.get_starttag_text().endswith("/>")):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes <{self.open[-1] if self.open else 'nothing'}>")
            return
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "title":
            self.title += data


def check(path):
    """Problems of the page at `path`, pages that it links to are only looked for."""
    path = pathlib.Path(path)
    page = Page(path.read_text(encoding="utf-8"))
    yield from page.problems
    for link in page.links:
        parts = urllib.parse.urlsplit(link)
        if parts.scheme == "data":
            continue
        if parts.scheme or parts.netloc:
            yield f"asks the network for {link}"
        elif not parts.path:
            if urllib.parse.unquote(parts.fragment) not in page.ids:
                yield f"nothing has the id of {link}"
        else:
            target = path.parent / urllib.parse.unquote(parts.path)
            if not target.is_file():
                yield f"{link} is not there"
            elif parts.fragment and parts.fragment not in Page(target.read_text(encoding="utf-8")).ids:
                yield f"nothing in {parts.path} has the id of {link}"
