"""Writes the program's pages and looks at them: at their text, and in headless Chromium where that is installed.

usage: pages_test.py links|browser PROGRAM

Exit code 77 (skipped) with a word on stdout if a browser is asked for and there is none.
"""
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

import page_checks

SMALL = ("workload.layers=1", "workload.tokens=512", "workload.sequence=512", "workload.router.load=balanced",
         "simulation.simulated_ranks=1", "simulation.clock=sustained")
SWEEP = {"base": "deepseek_v3_train_chunk",
         "axes": [{"path": f"proposals.{slug}", "values": [False, True]} for slug in ("warp-cast", "group-scaled-mma")]}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Clicks through what the page's script adds and leaves the outcome in the document's title.
DRIVE = """<script>addEventListener("load",()=>{const seen=[];
const t=[...document.querySelectorAll("table")].find(t=>t.tHead.querySelector("th.n button"));
const h=t.tHead.querySelector("th.n"),at=h.cellIndex,of=()=>[...t.tBodies[0].rows].map(r=>r.cells[at].textContent).join();
const before=of();h.querySelector("button").click();const v=[...t.tBodies[0].rows].map(r=>r.cells[at].dataset.v)
.filter(x=>x!==undefined).map(Number);seen.push(v.length>1&&v.every((x,i)=>!i||x<=v[i-1])?"sorted":"unsorted");
h.querySelector("button").click();h.querySelector("button").click();seen.push(of()===before?"restored":"disordered");
const theme=document.querySelector("nav button");theme.click();theme.click();
seen.push(document.documentElement.dataset.theme,getComputedStyle(document.body).backgroundColor);
const box=document.querySelector("input[type=search]");if(box){const rows=[...box.closest("figure").querySelector("tbody").rows];
box.value=rows[0].cells[0].textContent;box.dispatchEvent(new Event("input"));
seen.push(!rows[0].hidden&&rows.some(r=>r.hidden)?"filtered":"unfiltered")}
document.title=seen.join(" ")})</script>"""


def run(program, *words):
    subprocess.run([program, *words, "--quiet"], check=True, stdout=subprocess.DEVNULL)


def write_pages(program, folder):
    """Every kind of page; the paths of all of them."""
    sets = [word for s in SMALL for word in ("--set", s)]
    some = ["--set", 'compare.proposals=["warp-cast","group-scaled-mma"]']
    run(program, "compare", *sets, *some, "--out", str(folder / "one"))
    run(program, "compare", *sets, *some, "--set", 'system.hbm.peak="4.8 TB/s"', "--out", str(folder / "two"))
    run(program, "report", str(folder / "one/result.json"), str(folder / "two/result.json"), "--out", str(folder / "both"))
    (folder / "sweep.json").write_text(json.dumps(SWEEP), encoding="utf-8")
    run(program, "sweep", str(folder / "sweep.json"), *sets, "--out", str(folder / "sweep"))
    return sorted(folder.glob("**/*.html"))


def pixels(path):
    """Width and height of a PNG and its different rows, as they are stored."""
    data = path.read_bytes()
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        packed += data[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    width, height = struct.unpack(">II", data[16:24])
    raw = zlib.decompress(packed)
    stride = len(raw) // height
    return width, height, {raw[i * stride:(i + 1) * stride] for i in range(height)}


def browse(browser, page, *words):
    """stdout and stderr of the browser, looking at `page`."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
                   f"--user-data-dir={profile}", "--virtual-time-budget=3000", *words, page.as_uri()]
        return subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)


def look(browser, page, folder):
    """Problems that only a browser sees."""
    looks = {"light": ("--window-size=1400,2000",), "narrow": ("--window-size=500,1600",),
             "dark": ("--window-size=1400,2000", "--blink-settings=preferredColorScheme=0")}
    for name, words in looks.items():
        picture = folder / f"{name}.png"
        done = browse(browser, page, *words, f"--screenshot={picture}")
        yield from (f"{name}: {line}" for line in done.stderr.splitlines() if "CONSOLE" in line)
        width, height, rows = pixels(picture)
        if len(rows) < height // 10:
            yield f"{name}: a blank picture of {width} by {height}"
    driven = folder / "driven.html"
    driven.write_text(page.read_text(encoding="utf-8").replace("</body>", DRIVE + "</body>"), encoding="utf-8")
    found = re.search("<title>(.*?)</title>", browse(browser, driven, "--dump-dom").stdout)
    words = found.group(1) if found else "nothing"
    if not words.startswith("sorted restored dark rgb(16, 20, 24)") or "unfiltered" in words:
        yield f"sorting, filters and colours gave: {words}"


def main():
    kind, program = sys.argv[1], sys.argv[2]
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if kind == "browser" and browser is None:
        print("skipped: no Chromium is installed")
        return 77
    problems = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pages = write_pages(program, folder)
        if kind == "browser":  # what is written twice is looked at once
            pages = [folder / name / "report.html" for name in ("one", "both", "sweep")]
        for page in pages:
            found = look(browser, page, folder) if kind == "browser" else page_checks.check(page)
            problems += [f"{page.relative_to(folder)}: {p}" for p in found]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
