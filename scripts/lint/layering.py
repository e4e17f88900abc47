#!/usr/bin/python3
"""Includes run one way only: a folder may include what the table allows it, and what those may include."""

import re

import lint_common

UNITS = ("sm", "tensor_core", "tma", "smem", "l2", "hbm", "nvlink", "nic", "network", "switch", "coprocessor", "power")

# Direct dependencies; what a dependency may include is allowed too.
ALLOWED = {
    "sim/base": (),
    "sim/stats": ("sim/base",),
    "sim/config": ("sim/base",),
    "sim/ir": ("sim/config",),
    "sim/engine": ("sim/stats",),
    "sim/lower": ("sim/ir", "sim/stats"),
    "sim/result": ("sim/ir", "sim/stats"),
    "sim/replay": ("sim/ir", "sim/stats", "sim/result"),
    "sim/report": ("sim/result",),
    "sim/traces": ("sim/config", "sim/ir", "sim/result"),
    "models/numerics": ("sim/base",),
    "models/analytic": ("sim/ir",),
    "models/if": ("sim/engine", "sim/ir"),
    "models/device": tuple("models/" + u for u in UNITS),
    "models/proposals": ("models/device", "sim/ir", "sim/result"),
    "workloads": ("sim/ir",),
    "sim/app": ("sim/lower", "sim/replay", "sim/report", "sim/traces", "models/device", "models/analytic", "models/proposals",
                "models/numerics", "workloads"),
    "sim/sweep": ("sim/app",),
    "sim/cli": ("sim/sweep",),
}
for unit in UNITS:
    ALLOWED["models/" + unit] = ("models/if", "sim/engine", "sim/stats", "sim/config", "models/numerics")

# Where a foreign header may appear: folders, and whether in headers too.
SYSTEMC_FOLDERS = {"sim/engine", "models/if", "models/device"} | {"models/" + u for u in UNITS}
FOREIGN = {
    re.compile(r"systemc(\.h)?$|sysc/|tlm(\.h|_.*)?$"): (SYSTEMC_FOLDERS, True),
    re.compile(r"nlohmann/"): ({"sim/base", "sim/traces"}, False),
}
KERNEL_NAMES = re.compile(r"\b(sc_simcontext|sc_start|sc_get_curr_simcontext)\b")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def folder_of(path):
    """The row of the table a file belongs to, or None for files outside (tests, system headers)."""
    parts = str(path).split("/")
    if parts[0] == "workloads":
        return "workloads"
    return "/".join(parts[:2]) if len(parts) > 2 and parts[0] in ("sim", "models") else None


def closure(folder):
    reached, pending = set(), [folder]
    while pending:
        for dependency in ALLOWED[pending.pop()]:
            if dependency not in reached:
                reached.add(dependency)
                pending.append(dependency)
    return reached


def own_include_problem(folder, target_path):
    target = folder_of(target_path)
    if target is None or target == folder:
        return None
    if target not in ALLOWED:
        return f"{target} is in no row of the layering table"
    return None if target in closure(folder) else f"{folder} may not include {target}"


def foreign_include_problem(folder, path, name):
    for pattern, (folders, in_headers) in FOREIGN.items():
        if pattern.match(name):
            if folder not in folders:
                return f"<{name}> does not belong in {folder}"
            if path.suffix == ".hpp" and not in_headers:
                return f"<{name}> belongs in a .cpp, not in a header"
    return None


def check(root):
    for path in lint_common.code_files(root, ("sim", "models", "workloads")):
        folder = folder_of(path)
        if folder not in ALLOWED:
            yield f"{path}:1: this folder is in no row of the layering table"
            continue
        source = lint_common.read(root, path)
        for match in INCLUDE.finditer(source):
            line = source.count("\n", 0, match.start()) + 1
            own, foreign = match.groups()
            for problem in (own_include_problem(folder, own or foreign),
                            foreign_include_problem(folder, path, own or foreign)):
                if problem:
                    yield f"{path}:{line}: {problem}"
        if folder != "sim/engine":
            code = lint_common.without_text(source)
            for match in KERNEL_NAMES.finditer(code):
                line = code.count("\n", 0, match.start()) + 1
                yield f"{path}:{line}: only sim/engine names {match.group()}"


if __name__ == "__main__":
    lint_common.run(check, "includes run against the layers")
