// What a TypeScript or JavaScript program defines, and which definition a node of the tree stands for.

const GENERIC_DEFAULT = "default";

/** Collects definitions of the program's own files. `pointOf` gives a declaration's [path, line], or undefined. */
export function collect(ts, checker, files) {
  const found = { definitions: [], aliases: [], points: new Map(), callables: new Set() };
  for (const { source, path } of files) new Collector(ts, checker, source, path, found).visit(source);
  return found;
}

class Collector {
  constructor(ts, checker, source, path, found) {
    Object.assign(this, { ts, checker, source, path, found });
    // Functions and classes that a name holds are not named a second time by themselves.
    this.held = new Set();
    this.visit = this.visit.bind(this);
  }

  visit(node) {
    this.define(node);
    this.ts.forEachChild(node, this.visit);
  }

  define(node) {
    const { ts } = this;
    if (ts.isFunctionDeclaration(node)) this.functionDeclaration(node);
    else if (ts.isVariableDeclaration(node)) this.variable(node);
    else if (ts.isClassLike(node)) this.classLike(node);
    else if (ts.isConstructorDeclaration(node)) this.constructorOf(node);
    else if (ts.isMethodDeclaration(node) || ts.isAccessor(node)) this.method(node);
    else if (ts.isPropertyDeclaration(node)) this.field(node);
    else if (ts.isPropertyAssignment(node)) this.entry(node);
    else if (ts.isFunctionExpression(node) && node.name && !this.held.has(node)) this.hold(node.name, [node], node, "function");
    else if (ts.isExportAssignment(node)) this.defaultExport(node);
    else if (ts.isBinaryExpression(node)) this.assignment(node);
    else this.typeLevel(node);
  }

  typeLevel(node) {
    const { ts } = this;
    if (ts.isInterfaceDeclaration(node)) this.add(node.name, [node], node, "interface");
    else if (ts.isTypeAliasDeclaration(node)) this.add(node.name, [node], node, "type");
    else if (ts.isEnumDeclaration(node)) this.add(node.name, [node], node, "enum");
    else if (ts.isEnumMember(node)) this.add(node.name, [node], node, "field");
    else if (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name)) this.add(node.name, [node], node, "module");
    else if (ts.isMethodSignature(node) && this.inNamedType(node)) this.overloadable(node, "method");
    else if (ts.isPropertySignature(node) && this.inNamedType(node)) this.add(node.name, [node], node, "field");
    else if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) this.add(node.name, [node], node, "field");
  }

  functionDeclaration(node) {
    if (node.name) this.overloadable(node, "function");
    else this.add(undefined, [node], node, "function", GENERIC_DEFAULT);
    this.found.callables.add(node);
  }

  /** A signature without a body is another line of the same function. */
  overloadable(node, kind) {
    this.add(node.name, [node], node, kind);
    if (node.body) return;
    const declarations = this.checker.getSymbolAtLocation(node.name)?.declarations ?? [];
    const siblings = declarations.filter((each) => each.getSourceFile() === this.source && each.kind === node.kind && each.parent === node.parent);
    const whole = siblings.find((each) => each.body) ?? siblings[0];
    if (whole && whole !== node) this.found.aliases.push([this.point(node.name), this.point(whole.name)]);
  }

  variable(node) {
    const { ts } = this;
    const value = unwrapped(ts, node.initializer);
    if (!ts.isIdentifier(node.name)) {
      if (this.isTopLevel(node) && !isRequire(ts, value)) this.patternNames(node.name);
    } else if (isFunction(ts, value)) this.hold(node.name, [node, value], node, "function");
    else if (value && ts.isClassExpression(value)) this.holdClass(node, value);
    else if (this.isTopLevel(node) && !isRequire(ts, value)) this.add(node.name, [node], node, "constant");
  }

  patternNames(pattern) {
    const { ts } = this;
    for (const element of pattern.elements) {
      if (!ts.isBindingElement(element)) continue;
      if (ts.isIdentifier(element.name)) this.add(element.name, [element], element, "constant");
      else this.patternNames(element.name);
    }
  }

  classLike(node) {
    if (this.held.has(node)) return;
    if (node.name) this.add(node.name, [node], node, "class");
    else if (this.ts.isClassDeclaration(node)) this.add(undefined, [node], node, "class", GENERIC_DEFAULT);
  }

  holdClass(holder, value) {
    this.held.add(value);
    this.add(holder.name, [holder, value], holder, "class");
  }

  /** A constructor is its class, as caller and as callee. */
  constructorOf(node) {
    const point = this.found.points.get(node.parent);
    if (!point) return;
    this.found.points.set(node, point);
    this.found.callables.add(node);
    const own = this.lineOf(node.getStart(this.source));
    if (own !== point[1]) this.found.aliases.push([[this.path, own], point]);
  }

  method(node) {
    const { ts } = this;
    if (ts.isMethodDeclaration(node)) this.overloadable(node, "method");
    else this.add(node.name, [node], node, "method");
    this.found.callables.add(node);
  }

  field(node) {
    const value = unwrapped(this.ts, node.initializer);
    if (isFunction(this.ts, value)) this.hold(node.name, [node, value], node, "method");
    else this.add(node.name, [node], node, "field");
  }

  /** The language names a function by the key that holds it, wherever the object stands. */
  entry(node) {
    const value = unwrapped(this.ts, node.initializer);
    if (isFunction(this.ts, value)) this.hold(node.name, [node, value], node, "method");
    else this.add(node.name, [node], node, "entry");
  }

  defaultExport(node) {
    const value = unwrapped(this.ts, node.expression);
    if (isFunction(this.ts, value)) this.hold(value.name, [node, value], node, "function", value.name ? undefined : GENERIC_DEFAULT);
    else if (value && this.ts.isClassExpression(value)) {
      this.held.add(value);
      this.add(value.name, [node, value], node, "class", value.name ? undefined : GENERIC_DEFAULT);
    }
  }

  /** `exports.f = …`, `T.prototype.f = …`, `app.f = app.g = …`. */
  assignment(node) {
    const { ts } = this;
    if (!isAssignment(ts, node) || !ts.isPropertyAccessExpression(node.left)) return;
    let value = unwrapped(ts, node.right);
    const inner = value && isAssignment(ts, value) ? value : undefined;
    while (value && isAssignment(ts, value)) value = unwrapped(ts, value.right);
    const isClass = Boolean(value && ts.isClassExpression(value));
    if (!isFunction(ts, value) && !isClass) return this.assignedField(node);
    if (!this.isDeclared(node)) return;
    const isModule = node.left.getText() === "module.exports";
    this.hold(isModule && value.name ? value.name : node.left.name, [node, node.left, value], node, isClass ? "class" : "method");
    // The innermost name is what all of them are.
    if (inner && ts.isPropertyAccessExpression(inner.left)) this.found.aliases.push([this.point(node.left.name), this.point(inner.left.name)]);
  }

  /** In JavaScript a first assignment declares, as `this.x = 1` does in a constructor. */
  assignedField(node) {
    const [first] = this.checker.getSymbolAtLocation(node.left.name)?.declarations ?? [];
    const isFirst = first && (first === node || first === node.left);
    if (isFirst && /\.[mc]?jsx?$/.test(this.path) && node.left.getText() !== "module.exports") this.add(node.left.name, [], node, "field");
  }

  /** What the compiler takes for a declaration, and any property of what the file declares. */
  isDeclared(node) {
    const { ts, checker } = this;
    const object = node.left.expression;
    if (ts.isPropertyAccessExpression(object) && object.name.text === "prototype") return true;
    const declarations = checker.getSymbolAtLocation(node.left.name)?.declarations ?? [];
    if (declarations.some((each) => each === node || each === node.left || each.parent === node)) return true;
    const holders = (ts.isIdentifier(object) && checker.getSymbolAtLocation(object)?.declarations) || [];
    return holders.some((each) => ts.isVariableDeclaration(each) && this.isTopLevel(each));
  }

  hold(nameNode, nodes, node, kind, name) {
    const value = nodes[nodes.length - 1];
    this.held.add(value);
    if (this.add(nameNode, nodes, node, kind, name)) this.found.callables.add(value);
  }

  add(nameNode, nodes, whole, kind, name = nameText(this.ts, nameNode)) {
    if (name === undefined) return false;
    const [path, line] = nameNode ? this.point(nameNode) : [this.path, this.lineOf(whole.getStart(this.source))];
    this.found.definitions.push({ path, line, end_line: this.lineOf(whole.getEnd()), name, kind });
    for (const node of nodes) this.found.points.set(node, [path, line]);
    return true;
  }

  point(nameNode) {
    return [this.path, this.lineOf(nameNode.getStart(this.source))];
  }

  lineOf(position) {
    return this.source.getLineAndCharacterOfPosition(position).line + 1;
  }

  isTopLevel(node) {
    const { ts } = this;
    for (let around = node.parent; around; around = around.parent) {
      if (ts.isSourceFile(around) || ts.isModuleBlock(around)) return true;
      const passes = ts.isVariableDeclarationList(around) || ts.isVariableStatement(around);
      if (!passes) return false;
    }
    return false;
  }

  /** Members of an interface, or of the type that an alias stands for, not of one written in passing. */
  inNamedType(node) {
    const { ts } = this;
    if (ts.isInterfaceDeclaration(node.parent)) return true;
    let around = node.parent.parent;
    while (around && (ts.isIntersectionTypeNode(around) || ts.isUnionTypeNode(around) || ts.isParenthesizedTypeNode(around))) around = around.parent;
    return Boolean(around && ts.isTypeAliasDeclaration(around));
  }
}

export function isFunction(ts, node) {
  return Boolean(node && (ts.isArrowFunction(node) || ts.isFunctionExpression(node)));
}

export function unwrapped(ts, node) {
  while (node && isWrapper(ts, node)) node = node.expression;
  return node;
}

function isAssignment(ts, node) {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

function isWrapper(ts, node) {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) || ts.isTypeAssertionExpression(node);
}

/** `require("x")`, and what is taken from it at once: an import. */
function isRequire(ts, value) {
  let root = value;
  while (root && !(ts.isCallExpression(root) && ts.isIdentifier(root.expression))) root = root.expression;
  return Boolean(root && root.expression.text === "require");
}

/** The name as written, without quotes; a computed one in its brackets. */
function nameText(ts, node) {
  if (!node) return undefined;
  return ts.isComputedPropertyName(node) ? node.getText() : node.text;
}
