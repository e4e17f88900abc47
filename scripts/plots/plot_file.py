"""What the plotting scripts share: matplotlib without a display, input files, pictures with the same bytes each time."""
import json
import pathlib
import sys

# As in the report's page on white, where a test holds that any two can be told apart: sim/report/html_assets.cpp.
COLOURS = ("#2a418b", "#d67e23", "#3e8165", "#a472eb", "#774c08", "#601b36", "#4d9ca9", "#505563")
WAIT = "#c4cad1"
GAIN, LOSS = "#0b6e99", "#b5400a"


def pyplot():
    """matplotlib's pyplot, or None after a line on stderr if it is not installed."""
    try:
        import matplotlib
        matplotlib.use("Agg")
        from matplotlib import pyplot as plt
    except ImportError as error:
        print(f"matplotlib is not installed ({error}): apt-get install python3-matplotlib", file=sys.stderr)
        return None
    # Names may hold any character: no TeX-like markup, a fixed salt for the ids inside SVG files.
    plt.rcParams.update({"svg.hashsalt": "tessera", "text.parse_math": False, "font.size": 9, "axes.spines.top": False,
                         "axes.spines.right": False})
    return plt


def read_document(path, schema):
    """The JSON document of that schema; KeyError or ValueError if it is another, OSError if there is none."""
    document = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    if document["schema"] != schema:
        raise KeyError("schema")
    return document


def save(plt, figure, folder, name):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / f"{name}.png", dpi=110, metadata={"Software": None})
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": "tessera"})
    plt.close(figure)
