"""The PyCG micro-benchmark: small cases with their call graphs, out of the source distribution of PyCG.

Edges count between functions and methods that a case defines; lambdas have no symbol, and a class counts where
it has an `__init__` of its own, under which name the benchmark lists it.

The benchmark lists everything that may be called. Doctown lists as candidates what one call takes one of several
from, so recall is told with candidates as well.
"""

import ast
import json

from truth import packages
from truth.score import Ratio

PACKAGE = {
    "name": "pycg", "version": "0.0.8", "language": "python", "registry": "pypi", "sdist": True,
    "include": ["micro-benchmark/snippets/*.py", "micro-benchmark/snippets/*.json"],
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def measure(home, build, floor):
    """Gives, for each case, its category, name, and the edges of both sides by name."""
    root = packages.folder(PACKAGE, home) / "micro-benchmark/snippets"
    for graph in sorted(root.rglob("callgraph.json")):
        case = graph.parent
        points = named_points(case)
        truth = {(caller, callee) for caller, callees in json.loads(graph.read_text()).items() for callee in callees}
        known = {(caller, callee) for caller, callee in truth if caller in points and callee in points}
        side = build(case)
        sure = [edge for edge in side.edges if edge.confidence >= floor]
        yield case.parent.name, case.name, named(sure, points), known, named([*sure, *side.candidates], points)


def named(edges, points):
    names = {point: name for name, point in points.items()}
    told = ((edge.caller, edge.callee) for edge in edges)
    return {(names[caller], names[callee]) for caller, callee in told if caller in names and callee in names}


def named_points(case):
    """The points of a case's modules and functions, by the benchmark's names."""
    points = {}
    for path in sorted(case.rglob("*.py")):
        relative = path.relative_to(case)
        words = [*relative.parent.parts, *([] if relative.stem == "__init__" else [relative.stem])]
        # The case's own folder is a package to the benchmark, without a name.
        module = ".".join(words) or "__init__"
        points[module] = (relative.as_posix(), 0)
        add_functions(ast.parse(path.read_text()), module, relative.as_posix(), points)
    return points


def add_functions(node, prefix, path, points):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTIONS):
            name = f"{prefix}.{child.name}"
            is_constructor = child.name == "__init__" and isinstance(node, ast.ClassDef)
            points[name] = (path, node.lineno if is_constructor else child.lineno)
            add_functions(child, name, path, points)
        else:
            add_functions(child, f"{prefix}.{child.name}" if isinstance(child, ast.ClassDef) else prefix, path, points)


def lines(cases, n_listed=0):
    by_category, n_sound, n_complete, n_exact, wrong = {}, 0, 0, 0, []
    for category, name, ours, truth, perhaps in cases:
        entry = by_category.setdefault(category, [0, Ratio(), 0])
        entry[0] += 1
        entry[2] += len(perhaps & truth)
        n_right = len(ours & truth)
        entry[1] += Ratio(n_right, len(ours), n_right, len(truth))
        n_sound += truth <= ours
        n_complete += ours <= truth
        n_exact += ours == truth
        wrong += [f"{category}/{name}: false {caller} -> {callee}" for caller, callee in sorted(ours - truth)]
        wrong += [f"{category}/{name}: missing {caller} -> {callee}" for caller, callee in sorted(truth - ours)]
    n_cases = sum(n for n, *_ in by_category.values())
    yield "| category | cases | precision | recall | recall with candidates | right | ours | theirs |"
    yield "|---|---|---|---|---|---|---|---|"
    for category, entry in sorted(by_category.items()):
        yield row(category, *entry)
    all_edges, n_perhaps = sum((edges for _, edges, _ in by_category.values()), Ratio()), sum(n for *_, n in by_category.values())
    yield row("**all**", n_cases, all_edges, n_perhaps)
    yield ""
    yield f"Of {n_cases} cases {n_complete} are complete (no false edge), {n_sound} sound (no missing edge), {n_exact} both."
    yield from wrong[:n_listed]


def row(name, n, edges, n_perhaps):
    share = lambda value: "-" if value is None else f"{value:.3f}"
    perhaps = n_perhaps / edges.theirs if edges.theirs else None
    return f"| {name} | {n} | {share(edges.precision)} | {share(edges.recall)} | {share(perhaps)} | {edges.found} | {edges.ours} | {edges.theirs} |"
