// Which definition each call of a program leads to, by the compiler's own resolution.

const MAX_BASES = 32;

/** Finds the calls of the program's own files: edges, callers that cannot be judged, and how many sites of each sort. */
export function resolve(ts, checker, files, found, isOwnModule) {
  const told = { edges: [], unjudged: new Map(), sites: { internal: 0, external: 0, dynamic: 0, unresolved: 0 } };
  for (const { source, path } of files) new Resolver(ts, checker, source, path, found, isOwnModule, told).visit(source);
  return told;
}

class Resolver {
  constructor(ts, checker, source, path, found, isOwnModule, told) {
    Object.assign(this, { ts, checker, source, path, found, isOwnModule, told });
    this.visit = this.visit.bind(this);
  }

  visit(node) {
    const { ts } = this;
    const isCall = ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node) || ts.isDecorator(node);
    if (isCall && !this.isImport(node)) this.call(node);
    ts.forEachChild(node, this.visit);
  }

  isImport(node) {
    const callee = node.expression;
    return this.ts.isCallExpression(node) &&
      (callee.kind === this.ts.SyntaxKind.ImportKeyword || (this.ts.isIdentifier(callee) && callee.text === "require" && node.arguments.length === 1));
  }

  call(node) {
    // `@log()` is one call to the reader, and two to the machine.
    if (this.ts.isDecorator(node) && this.ts.isCallExpression(node.expression)) return;
    const caller = this.caller(node);
    const answer = this.target(node);
    this.told.sites[answer.sort] += 1;
    if (answer.sort === "dynamic" || answer.sort === "unresolved") this.told.unjudged.set(caller.join("\0"), caller);
    const { line } = this.source.getLineAndCharacterOfPosition(node.getStart(this.source));
    for (const callee of answer.callees ?? []) this.told.edges.push({ caller, callee, line: line + 1, also: answer.also ?? [] });
  }

  /** The innermost named function around a node. What decorates a function, or names it, stands outside. */
  caller(node) {
    const { ts } = this;
    for (let inner = node, around = node.parent; around; inner = around, around = around.parent) {
      if (ts.isDecorator(inner) || ts.isComputedPropertyName(inner)) {
        inner = around;
        continue;
      }
      if (this.found.callables.has(around)) return this.found.points.get(around);
    }
    return [this.path, 0];
  }

  target(node) {
    const { ts } = this;
    const callee = unwrappedCallee(ts, node.expression ?? node.tag);
    if (ts.isFunctionExpression(callee) || ts.isArrowFunction(callee)) return { sort: "internal" };
    if (callee.kind === ts.SyntaxKind.SuperKeyword) return this.superCall(node, callee);
    const answer = this.bySymbol(this.symbolOf(callee), new Set()) ?? this.bySignature(node, callee);
    const sibling = this.sibling(callee);
    if (sibling) return { sort: "internal", callees: [sibling], also: answer.callees };
    return { ...answer, also: this.inheritedConstructors(node) };
  }

  /** `new X()` runs the constructor that X inherits, where it has none of its own. */
  inheritedConstructors(node) {
    const { ts, checker, found } = this;
    if (!ts.isNewExpression(node)) return [];
    let declaration = checker.getTypeAtLocation(node.expression).symbol?.declarations?.find((each) => ts.isClassLike(each));
    const hasOwn = (each) => each.members.some((member) => ts.isConstructorDeclaration(member));
    for (let nSteps = 0; declaration && !hasOwn(declaration) && nSteps < MAX_BASES; nSteps += 1) {
      const base = declaration.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
      declaration = base && checker.getTypeAtLocation(base.expression).symbol?.declarations?.find((each) => ts.isClassLike(each));
    }
    const point = declaration && found.points.get(declaration);
    return point ? [point] : [];
  }

  /** `this.f()` in an object literal: its type may name an interface's method, but the literal's own is what runs. */
  sibling(callee) {
    const { ts, found } = this;
    if (!ts.isPropertyAccessExpression(callee) || callee.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
    const holder = ts.getThisContainer(callee, false, false);
    if (!holder.parent) return undefined; // `this` at the top of a file
    const object = ts.isObjectLiteralExpression(holder.parent) ? holder.parent : holder.parent.parent;
    if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
    const member = object.properties.find((each) => each.name?.getText() === callee.name.text);
    return member && found.points.get(member);
  }

  symbolOf(callee) {
    const { ts } = this;
    if (ts.isPropertyAccessExpression(callee)) return this.checker.getSymbolAtLocation(callee.name);
    if (ts.isElementAccessExpression(callee)) return this.checker.getSymbolAtLocation(callee.argumentExpression);
    return this.checker.getSymbolAtLocation(callee);
  }

  bySymbol(symbol, seen) {
    const { ts } = this;
    if (!symbol || seen.has(symbol)) return undefined;
    seen.add(symbol);
    if (symbol.flags & ts.SymbolFlags.Alias) return this.bySymbol(this.checker.getAliasedSymbol(symbol), seen);
    const declarations = symbol.declarations ?? [];
    const callees = declarations.filter((each) => this.isCode(each)).map((each) => this.found.points.get(each));
    if (callees.length > 0) return { sort: "internal", callees: distinct(callees) };
    const shorthand = declarations.find((each) => ts.isShorthandPropertyAssignment(each));
    if (shorthand) return this.bySymbol(this.checker.getShorthandAssignmentValueSymbol(shorthand), seen);
    if (declarations.length > 0 && declarations.every((each) => !this.isOwn(each))) return { sort: "external" };
    return undefined;
  }

  /** Tells whether a declaration is a function or class of ours, or a method's signature. */
  isCode(declaration) {
    const { ts, found } = this;
    if (!found.points.has(declaration)) return false;
    if (ts.isClassLike(declaration) || ts.isFunctionLike(declaration)) return true;
    const value = declaration.initializer ?? declaration.right ?? declaration.expression ?? declaration.parent?.right;
    let inner = value;
    while (inner && !ts.isFunctionLike(inner) && !ts.isClassLike(inner) && inner.expression) inner = ts.isCallExpression(inner) ? undefined : inner.expression;
    return Boolean(inner && (ts.isArrowFunction(inner) || ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) && found.points.has(inner));
  }

  superCall(node, callee) {
    const base = this.checker.getTypeAtLocation(callee).symbol;
    return this.bySymbol(base, new Set()) ?? this.bySignature(node, callee);
  }

  /** What the value's type says, where its name does not say enough. */
  bySignature(node, callee) {
    const { ts } = this;
    const declaration = this.checker.getResolvedSignature(node)?.declaration;
    if (!declaration || ts.isJSDocSignature(declaration)) return this.byType(node, callee);
    if (!this.isOwn(declaration)) return this.isParameterOfOurs(callee) ? { sort: "dynamic" } : { sort: "external" };
    const point = this.found.points.get(declaration);
    const hasBody = Boolean(declaration.body);
    if (point && (hasBody || ts.isMethodSignature(declaration))) return { sort: "internal", callees: [point] };
    return { sort: "dynamic" };
  }

  /** A value of ours may hold anything whose type merely comes from elsewhere. */
  isParameterOfOurs(callee) {
    const declarations = this.symbolOf(callee)?.declarations ?? [];
    return declarations.some((each) => this.isOwn(each));
  }

  /** A class without a constructor has no signature of its own; what has no type at all may come from elsewhere. */
  byType(node, callee) {
    const { ts, checker } = this;
    const type = checker.getTypeAtLocation(callee);
    const ofClass = type.symbol?.declarations?.filter((each) => ts.isClassLike(each)) ?? [];
    if (ts.isNewExpression(node) && ofClass.length > 0) return this.bySymbol(type.symbol, new Set()) ?? { sort: "dynamic" };
    return this.isForeign(callee) ? { sort: "external" } : { sort: "unresolved" };
  }

  /** Tells whether an expression begins at an import of another package, or at a name that nothing here declares. */
  isForeign(callee) {
    const { ts, checker } = this;
    let root = callee;
    while (root.expression) root = root.expression;
    if (!ts.isIdentifier(root)) return false;
    const symbol = checker.getSymbolAtLocation(root);
    if (!symbol) return true;
    const specifiers = (symbol.declarations ?? []).map((each) => importedFrom(ts, each));
    return specifiers.length > 0 && specifiers.every((specifier) => specifier !== undefined && !this.isOwnModule(specifier));
  }

  isOwn(declaration) {
    return this.found.sources.has(declaration.getSourceFile());
  }
}

/** The module that an import's declaration names. */
function importedFrom(ts, declaration) {
  for (let around = declaration; around; around = around.parent) {
    if (ts.isImportDeclaration(around)) return around.moduleSpecifier.text;
    if (ts.isImportEqualsDeclaration(around)) return around.moduleReference.expression?.text;
    if (ts.isVariableDeclaration(around)) return requiredModule(ts, around.initializer);
  }
  return undefined;
}

/** `require("x")`, and what is taken from it at once: `require("x").y`, `require("x")("y")`. */
function requiredModule(ts, value) {
  for (let inner = value; inner; inner = inner.expression) {
    const isRequire = ts.isCallExpression(inner) && ts.isIdentifier(inner.expression) && inner.expression.text === "require";
    if (isRequire && inner.arguments[0] && ts.isStringLiteral(inner.arguments[0])) return inner.arguments[0].text;
  }
  return undefined;
}

function unwrappedCallee(ts, node) {
  while (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node)) node = node.expression;
  return node;
}

function distinct(points) {
  return [...new Map(points.map((point) => [point.join("\0"), point])).values()];
}
