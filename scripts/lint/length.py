#!/usr/bin/python3
"""A file has at most 400 lines, a function at most 60 lines of code: what is longer hides a second idea.

Blank lines, comments and the inside of raw strings are no lines of code.
"""

import re

import lint_common

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60

SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def opened_by(declaration):
    """What a brace after this text opens, outside functions: a scope, a list of values or a function."""
    if SCOPE.search(declaration) or not declaration.strip():
        return "scope"
    return "function" if ")" in declaration and not declaration.rstrip().endswith("=") else "values"


def functions(source):
    """(first line, lines of code) of every function outside other functions, its head included."""
    code = PREPROCESSOR.sub(blank, lint_common.without_text(source))
    scopes = []  # what each open brace opened
    head = 0  # where the current declaration began
    for i, c in enumerate(code):
        outside = not scopes or scopes[-1] == "scope"
        if c == "{":
            kind = opened_by(code[head:i]) if outside else "inner"
            scopes.append(kind)
            if kind == "scope":
                head = i + 1
        elif c == "}" and scopes:
            kind = scopes.pop()
            if kind != "inner" and code[i + 1:].lstrip()[:1] in (",", "{"):
                continue  # a member initialised with braces: the constructor's body is still to come
            if kind == "function":
                text = code[head:i + 1]
                start = head + len(text) - len(text.lstrip())
                yield code.count("\n", 0, start) + 1, sum(1 for line in text.splitlines() if line.strip())
            if kind != "inner":
                head = i + 1
        elif c == ";" and outside:
            head = i + 1


def check(root):
    for path in lint_common.code_files(root):
        source = lint_common.read(root, path)
        lines = len(source.splitlines())
        if lines > MAX_FILE_LINES:
            yield f"{path}:{lines}: {lines} lines in a file, at most {MAX_FILE_LINES}"
        for first, length in functions(source):
            if length > MAX_FUNCTION_LINES:
                yield f"{path}:{first}: {length} lines of code in a function, at most {MAX_FUNCTION_LINES}"


if __name__ == "__main__":
    lint_common.run(check, "too long")
