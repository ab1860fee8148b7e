// Writes src/lib/docpack/records.ts and shapes.ts from the JSON Schemas of the format, and entry-table.ts from its
// table of entries.
import { readdir, readFile, writeFile } from 'node:fs/promises';

const SCHEMAS = new URL('../../common/docpack/schemas/', import.meta.url);
const HEAD = '// Written from common/docpack/schemas by `npm run records`; change those and run it again.\n\n';

/** Entries that are divided into parts. Members that are not lists are in the first part only. */
const DIVIDED = new Set(['Graph', 'Nodes', 'SourceMap']);

/** Fields that no page shows. A large pack has many of them, and a tab has little memory. */
const LEFT_OUT = {
  Chunk: ['byte_range', 'sha256'],
  GraphMetrics: ['coupling'],
  Manifest: ['options'],
  SourceFile: ['sha256'],
  Symbol: ['body_digest']
};

/** Names that mean something else in the language. */
const NAMES = { Document: 'DocumentRecord', Import: 'ImportStatement', Symbol: 'SymbolRecord' };

const IMPORTS = "import * as is from './check';\nimport type * as format from './records';\n\n";

const MAX_LINE = 130;

/** Gives the text of each file by name. */
export async function recordsText() {
  const definitions = await readDefinitions();
  const types = definitions.map(({ name, schema }) => typeOf(name, schema));
  const shapes = definitions.map(({ name, schema }) => shapeOf(name, schema));
  return {
    'records.ts': HEAD + wordsText(definitions) + types.join('\n'),
    'shapes.ts': HEAD + IMPORTS + shapes.join('\n'),
    'entry-table.ts': HEAD + (await entryTableText())
  };
}

/** Gives the table of entries as a constant, its lists and texts as they are. */
async function entryTableText() {
  const table = JSON.parse(await readFile(new URL('entries.json', SCHEMAS), 'utf8'));
  const order = ['required', 'divisible', 'bytes', 'layers'];
  const listOf = (items) => items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  const rows = order.map((name) => `  ${name}: [\n${listOf(table[name])}\n  ]`);
  return `import type { EntryTable } from './layers';\n\nexport const ENTRY_TABLE: EntryTable = {\n${rows.join(',\n')}\n};\n`;
}

/** Gives the schemas and the definitions that they use, each after those it refers to. */
async function readDefinitions() {
  const files = (await readdir(SCHEMAS)).filter((file) => file.endsWith('.schema.json')).sort();
  const found = new Map();
  for (const file of files) {
    const schema = JSON.parse(await readFile(new URL(file, SCHEMAS), 'utf8'));
    for (const [name, definition] of [
      ...Object.entries(schema.$defs ?? {}),
      [schema.title, { ...schema, isRoot: true }]
    ]) {
      const known = found.get(name);
      if (known && JSON.stringify(known) !== JSON.stringify(definition))
        throw new Error(`\`${name}\` is defined in two ways, the second in ${file}`);
      found.set(name, definition);
    }
  }
  const ordered = new Map();
  const visit = (name) => {
    if (ordered.has(name)) return;
    const schema = found.get(name);
    if (!schema) throw new Error(`\`${name}\` is not defined`);
    for (const [, field] of fieldsOf(name, schema)) for (const other of refsOf(field)) visit(other);
    ordered.set(name, { name, schema });
  };
  for (const [name, { isRoot }] of [...found].sort()) if (isRoot) visit(name);
  return [...ordered.values()];
}

function refsOf(schema) {
  if (schema.$ref) return [refName(schema.$ref)];
  return [schema.items, ...(schema.anyOf ?? []), ...valuesOf(schema)].filter((part) => part).flatMap(refsOf);
}

const refName = (ref) => ref.replace('#/$defs/', '');
/** `OpenLanguage`, a list of words that may grow, is simply `Language`. */
const nameOf = (name) => NAMES[name] ?? name.replace(/^Open(?=[A-Z])/, '');
const shapeName = (name) => nameOf(name)[0].toLowerCase() + nameOf(name).slice(1);
const wordsOf = (schema) => schema['x-known-words'] ?? schema.enum;
const isRecord = (schema) => schema.properties !== undefined;
const fieldsOf = (name, schema) =>
  Object.entries(schema.properties ?? {}).filter(([field]) => !LEFT_OUT[name]?.includes(field));

/** Gives the schemas of an object's values where its keys are data. */
function valuesOf(schema) {
  const values = Object.values(schema.patternProperties ?? {});
  return typeof schema.additionalProperties === 'object' ? [...values, schema.additionalProperties] : values;
}

/** Gives the type of a value and the code that checks it. */
function valueOf(schema) {
  if (schema.$ref) return { type: nameOf(refName(schema.$ref)), check: shapeName(refName(schema.$ref)) };
  const choices = schema.anyOf?.filter(({ type }) => type !== 'null').map(valueOf) ?? [];
  if (choices.length > 1)
    return {
      type: choices.map(({ type }) => type).join(' | '),
      check: choices.map(({ check }) => check).reduce((first, second) => `is.either(${first}, ${second})`)
    };
  if (schema.anyOf) return { ...valueOf(schema.anyOf.find(({ type }) => type !== 'null')), isNullable: true };
  if (Array.isArray(schema.type))
    return { ...valueOf({ ...schema, type: schema.type.find((type) => type !== 'null') }), isNullable: true };
  if (wordsOf(schema)) return { type: 'string', check: 'is.word' };
  if (schema.pattern) return { type: 'string', check: patternCheck(schema.pattern) };
  if (schema.type === 'array') {
    const { type, check, isNullable } = valueOf(schema.items);
    return {
      type: isNullable ? `(${type} | null)[]` : `${type}[]`,
      check: `is.list(${isNullable ? `is.optional(${check})` : check})`,
      isList: true
    };
  }
  if (schema.type === 'object') {
    const { type, check } = valueOf(valuesOf(schema)[0]);
    return { type: `[key: string, value: ${type}][]`, check: `is.pairs(${check})`, isList: true };
  }
  const plain = {
    boolean: ['boolean', 'is.boolean'],
    integer: ['number', 'is.count'],
    number: ['number', 'is.number'],
    string: ['string', 'is.string']
  }[schema.type];
  if (!plain) throw new Error(`no check for ${JSON.stringify(schema)}`);
  return { type: plain[0], check: plain[1] };
}

/** Names a type of the other file. */
const typeName = (type) => type.replace(/\b[A-Z]\w*/, (name) => `format.${name}`);

/** `^sym_[0-9a-f]{32}$` is an id that begins with `sym_`. */
function patternCheck(pattern) {
  const [, start] = /^\^([a-z0-9]+[_:])/.exec(pattern) ?? [];
  const wanted =
    start === undefined
      ? 'of the form that the format gives it'
      : `${start.endsWith(':') ? 'a digest' : 'an id'} \`${start}…\``;
  return `is.form(/${pattern}/, '${wanted}')`;
}

/** A field that may be missing is an empty list, false or null. */
function fieldOf(owner, schema, [name, field]) {
  const value = valueOf(field);
  const isInPart = schema.isRoot && DIVIDED.has(owner) && !value.isList;
  const mayMiss = isInPart || 'default' in field || !(schema.required ?? []).includes(name);
  if (value.isNullable || (mayMiss && !value.isList && value.type !== 'boolean'))
    return { name, field, type: `${value.type} | null`, check: `is.optional(${value.check})` };
  if (!mayMiss) return { name, field, ...value };
  const fallback = value.isList ? '[]' : String(field.default ?? false);
  return { name, field, type: value.type, check: `is.otherwise<${typeName(value.type)}>(${fallback}, ${value.check})` };
}

function typeOf(name, schema) {
  const comment = (text, indent = '') => (text ? `${indent}/** ${text} */\n` : '');
  if (wordsOf(schema)) return `export type ${nameOf(name)} = Word<'${nameOf(name)}'>;\n`;
  if (!isRecord(schema))
    return `${comment(schema.description)}export type ${nameOf(name)} = ${valueOf(schema).type};\n`;
  const fields = fieldsOf(name, schema).map((each) => fieldOf(name, schema, each));
  const lines = fields.map(({ name, field, type }) => `${comment(field.description, '  ')}  ${name}: ${type};\n`);
  return `${comment(schema.description)}export interface ${nameOf(name)} {\n${lines.join('')}}\n`;
}

function shapeOf(name, schema) {
  const head = `${schema.isRoot ? 'export ' : ''}const ${shapeName(name)}`;
  if (!isRecord(schema)) return `${head}: is.Check<format.${nameOf(name)}> = ${valueOf(schema).check};\n`;
  const fields = fieldsOf(name, schema).map((each) => fieldOf(name, schema, each));
  const written = fields.map(({ name, check }) => (name === check ? name : `${name}: ${check}`));
  const start = `${head} = is.record<format.${nameOf(name)}>({`;
  const whole = `${start} ${written.join(', ')} });\n`;
  return whole.length <= MAX_LINE ? whole : `${start}\n${written.map((line) => `  ${line}`).join(',\n')}\n});\n`;
}

function wordsText(definitions) {
  const lists = definitions.flatMap(({ name, schema }) => (wordsOf(schema) ? [[name, wordsOf(schema)]] : []));
  const rows = lists.map(([name, words]) => `  ${nameOf(name)}: [${words.map((word) => `'${word}'`).join(', ')}]`);
  return `/** The words that this version of the format knows. A pack of a later version may have others. */
export const WORDS = {\n${rows.join(',\n')}\n} as const;

/** A word that is known, or one of a later version. */
type Word<List extends keyof typeof WORDS> = (typeof WORDS)[List][number] | (string & {});\n\n`;
}

if (process.argv[1]?.endsWith('format-records.mjs')) {
  for (const [file, text] of Object.entries(await recordsText()))
    await writeFile(new URL(`../src/lib/docpack/${file}`, import.meta.url), text);
}
