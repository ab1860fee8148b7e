"""What a Python file defines, and where its calls stand, by the grammar of the running interpreter."""

import ast
import dataclasses
import re

KEYWORDS = re.compile(r"(?:async\s+)?(?:def|class)\s+")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclasses.dataclass
class Call:
    caller: tuple
    line: int
    callee: ast.expr
    # A call that no call expression stands for: it is one only where the name leads to code of ours.
    silent: bool = False
    # Where it leads to a value, something is called all the same.
    runs: bool = False


@dataclasses.dataclass
class Class:
    bases: list
    has_constructor: bool


@dataclasses.dataclass
class File:
    path: str
    tree: ast.Module
    definitions: list = dataclasses.field(default_factory=list)
    aliases: dict = dataclasses.field(default_factory=dict)
    code: dict = dataclasses.field(default_factory=dict)      # line of the name -> its column, of functions and classes
    values: dict = dataclasses.field(default_factory=dict)    # line, name -> what is assigned there, None where that is not one name
    classes: dict = dataclasses.field(default_factory=dict)   # line of the name -> Class
    calls: list = dataclasses.field(default_factory=list)
    modules: dict = dataclasses.field(default_factory=dict)   # imported name -> module


def read(path, text):
    file = File(path, ast.parse(text))
    Reader(file, text.split("\n")).body(file.tree.body, Scope(file.tree, (path, 0)))
    for node in ast.walk(file.tree):
        imported(node, file.modules)
    return file


def imported(node, modules):
    if isinstance(node, ast.Import):
        for alias in node.names:
            modules[alias.asname or alias.name.split(".")[0]] = alias.name
    elif isinstance(node, ast.ImportFrom) and node.level == 0:
        for alias in node.names:
            modules[alias.asname or alias.name] = node.module


@dataclasses.dataclass
class Scope:
    """Where a node stands: in what, in which function, and what the object is called there."""

    node: ast.AST
    caller: tuple
    owner: ast.ClassDef | None = None
    object: str | None = None
    named: dict = dataclasses.field(default_factory=dict)
    fields: set = dataclasses.field(default_factory=set)


class Reader:
    def __init__(self, file, lines):
        self.file, self.lines = file, lines

    def body(self, nodes, scope):
        for node in nodes:
            self.visit(node, scope)

    def visit(self, node, scope):
        if isinstance(node, FUNCTIONS):
            self.function(node, scope)
        elif isinstance(node, ast.ClassDef):
            self.class_(node, scope)
        else:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and self.assignment(node, scope):
                return
            if isinstance(node, ast.Call):
                self.file.calls.append(Call(scope.caller, node.lineno, node.func))
                for handed in called_back(node):
                    self.silent(handed, scope, runs=True)
            if isinstance(node, ast.Raise) and node.exc:
                # A class that is raised is made.
                self.silent(node.exc, scope)
            self.body(ast.iter_child_nodes(node), scope)

    def function(self, node, scope):
        self.outside(node, scope)
        kind = "method" if isinstance(scope.node, ast.ClassDef) else "function"
        point = self.define(node, node.lineno, node.name, kind, scope)
        if kind == "method" and node.name == "__init__":
            # A constructor is its class, as caller and as callee.
            self.file.aliases[point] = (self.file.path, scope.node.lineno)
        arguments = [*node.args.posonlyargs, *node.args.args]
        is_static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list)
        first = arguments[0].arg if kind == "method" and arguments and not is_static else None
        self.body(node.body, Scope(node, point, scope.node if first else None, first, fields=scope.fields))

    def silent(self, node, scope, runs=False):
        if isinstance(node, (ast.Name, ast.Attribute)) or runs and isinstance(node, ast.Call):
            self.file.calls.append(Call(scope.caller, node.lineno, node, silent=True, runs=runs))

    def decorators(self, node, scope):
        """A decorator is called with what it decorates; of what `@f()` gives nothing can be said."""
        for each in node.decorator_list:
            self.silent(each, scope, runs=True)
            self.visit(each, scope)

    def outside(self, node, scope):
        """Decorators, defaults and annotations are evaluated where the function is defined."""
        self.decorators(node, scope)
        self.visit(node.args, scope)
        if node.returns:
            self.visit(node.returns, scope)

    def class_(self, node, scope):
        self.decorators(node, scope)
        for each in (*node.bases, *node.keywords):
            self.visit(each, scope)
        self.define(node, node.lineno, node.name, "class", scope)
        has_constructor = any(isinstance(each, FUNCTIONS) and each.name == "__init__" for each in node.body)
        bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
        self.file.classes[node.lineno] = Class(bases, has_constructor)
        self.body(node.body, Scope(node, scope.caller))

    def assignment(self, node, scope):
        """Adds what an assignment defines; returns whether all of it was read."""
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        single = targets[0] if len(targets) == 1 else None
        if isinstance(single, ast.Name):
            self.file.values[(node.lineno, single.id)] = node.value
            if isinstance(node.value, ast.Lambda):
                kind = "method" if isinstance(scope.node, ast.ClassDef) else "function"
                point = self.define(node, single.lineno, single.id, kind, scope)
                self.visit(node.value.args, scope)
                self.visit(node.value.body, Scope(node.value, point))
                return True
        for target in targets:
            for name in names(target):
                self.value(node, name, scope)
        return False

    def value(self, node, target, scope):
        is_field = isinstance(scope.node, ast.ClassDef)
        if isinstance(target, ast.Name) and not isinstance(scope.node, (*FUNCTIONS, ast.Lambda)):
            name, kind, fields = target.id, "field" if is_field else "constant", scope.fields
        elif self.is_attribute_of_object(target, scope):
            name, kind, fields = target.attr, "field", scope.fields
        else:
            return
        if name not in fields:
            fields.add(name)
            self.add(target.end_lineno, node.end_lineno, name, kind)

    def is_attribute_of_object(self, target, scope):
        is_attribute = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name)
        return is_attribute and scope.object is not None and target.value.id == scope.object

    def define(self, node, line, name, kind, scope):
        """Adds a function or class; of several with one name in one place, the last is what they all are."""
        if not (kind == "method" and name == "__init__"):
            self.add(line, node.end_lineno, name, kind)
        point = (self.file.path, line)
        # What a property gives may be called, which is no call of the property.
        if not any(is_property(each) for each in getattr(node, "decorator_list", [])):
            self.file.code[line] = self.column(node)
        earlier = scope.named.setdefault(name, [])
        if name != "_":
            for other in earlier:
                self.file.aliases[other] = point
            earlier.append(point)
        return point

    def column(self, node):
        """Where the name stands in its line; parameters may stand behind it."""
        start = len(self.lines[node.lineno - 1].encode()[: node.col_offset].decode())
        keywords = KEYWORDS.match(self.lines[node.lineno - 1], start)
        return keywords.end() if keywords else start

    def add(self, line, end_line, name, kind):
        self.file.definitions.append({"path": self.file.path, "line": line, "end_line": end_line, "name": name, "kind": kind})


def called_back(call):
    """What functions of the language call that are given it, and are defined to call it."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name in ("map", "filter", "reduce"):
        yield from call.args[:1]
    if name in ("sorted", "min", "max", "sort"):
        yield from (keyword.value for keyword in call.keywords if keyword.arg == "key")


def is_property(decorator):
    word = decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")
    return word in ("property", "cached_property")


def names(target):
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for element in target.elts for name in names(element)]
    return [target.value] if isinstance(target, ast.Starred) else [target]
