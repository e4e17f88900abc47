#!/usr/bin/python3
"""Writes the README's table of accuracy from a validation.

usage: readme_table.py VALIDATION_JSON README

VALIDATION_JSON is what `tessera validate --json FILE` wrote; several, separated by commas, make one table (one of them
with --power-model). The table replaces what stands between the README's marks `<!-- accuracy -->` and
`<!-- /accuracy -->`. Exit code 2 if a file is no validation, or the README has no such marks.
"""
import json
import pathlib
import sys

BEGIN, END = "<!-- accuracy -->", "<!-- /accuracy -->"
HEAD = ["| cases | predicted | median | p90 | worst | mean signed | meant to reach (median / p90 / worst / mean) |",
        "|---|---|---|---|---|---|---|"]


def percent(value, signed=False):
    return f"{100 * value:+.1f} %" if signed else f"{100 * value:.1f} %"


def limits(goal):
    texts = [f"{100 * goal['limits'][k]:g}" if k in goal["limits"] else "-"
             for k in ("median_abs", "p90_abs", "worst_abs", "mean_signed")]
    return " / ".join(texts) + " %" + ("" if goal["met"] else ", missed")


def row(goal):
    count = f"{goal['covered']} of {goal['cases']}" if goal["covered"] < goal["cases"] else str(goal["cases"])
    if goal.get("set_aside"):
        count += f", {goal['set_aside']} set aside"
    figures = ["", "", "", ""] if goal["covered"] == 0 else [
        percent(goal["median_abs"]), percent(goal["p90_abs"]), percent(goal["worst_abs"]),
        percent(goal["mean_signed"], True)]
    return "| " + " | ".join([goal["name"], count, *figures, limits(goal)]) + " |"


def table(documents):
    rows = [row(goal) for document in documents for goal in document["goals"]]
    return "\n".join([*HEAD, *rows])


def replaced(readme, text):
    """The README with the table between its marks; ValueError if they are not there, once and in order."""
    if readme.count(BEGIN) != 1 or readme.count(END) != 1 or readme.index(BEGIN) > readme.index(END):
        raise ValueError(f"the README needs the marks {BEGIN} and {END}, once each")
    return readme[:readme.index(BEGIN) + len(BEGIN)] + "\n" + text + "\n" + readme[readme.index(END):]


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    path = pathlib.Path(arguments[1])
    try:
        documents = [json.loads(pathlib.Path(f).read_text(encoding="utf-8")) for f in arguments[0].split(",")]
        if any(d["schema"] != "tessera.validate/1" for d in documents):
            raise ValueError("the schema is not tessera.validate/1")
        text = replaced(path.read_text(encoding="utf-8"), table(documents))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"readme_table.py: {error}", file=sys.stderr)
        return 2
    path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
