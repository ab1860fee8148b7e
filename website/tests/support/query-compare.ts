import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzip } from '../../src/lib/docpack/gunzip';
import { LateEntries } from '../../src/lib/docpack/late';
import { DEFAULT_LIMITS } from '../../src/lib/docpack/limits';
import { Model } from '../../src/lib/docpack/model';
import { readPack } from '../../src/lib/docpack/pack';
import { untar } from '../../src/lib/docpack/tar';

export async function modelOf(pack: string): Promise<Model> {
  const bytes = new Uint8Array(readFileSync(pack));
  return new Model(await readPack(untar(gunzip(bytes, DEFAULT_LIMITS), DEFAULT_LIMITS), DEFAULT_LIMITS));
}

/** What a subcommand prints as JSON; `null` where it fails, as `path` does where there is no way. */
function printed(program: string, command: string, pack: string, ids: string[]): Json | null {
  const all = command === 'path' || command === 'ask' ? [] : ['--limit', '0'];
  try {
    const text = execFileSync(program, [command, pack, ...ids, '--json', ...all], {
      encoding: 'utf8',
      maxBuffer: 1e9,
      stdio: ['ignore', 'pipe', 'ignore']
    });
    return (JSON.parse(text) as Json).data as Json;
  } catch {
    return null;
  }
}

type Json = Record<string, any>; // eslint-disable-line

/** What the program and the page say of a symbol's impact and callers, in one form. */
export function impactOfBoth(program: string, pack: string, model: Model, symbol: number) {
  const id = model.table.ids[symbol]!;
  const idOf = (at: number) => model.table.ids[at]!;
  const told = printed(program, 'impact', pack, [id])!;
  const here = model.queries.impact(symbol);
  const rowsOf = (rows: Json[]) =>
    rows.map(({ symbol, depth, through, of, confidence, lines }) => [
      symbol.id,
      depth,
      through,
      of.id,
      confidence,
      lines
    ]);
  const callers = printed(program, 'callers', pack, [id])!.callers as Json;
  const detail = model.detail(symbol);
  return {
    program: {
      total: told.total,
      members: told.members,
      incomplete: told.symbols_with_unknown_callers,
      groups: told.groups.map(({ role, total, rows }: Json) => ({ role, total, rows: rowsOf(rows) })),
      tests: told.test_files.map((file: Json) => [file.file_path, file.symbols]),
      callers: callers.rows.map((row: Json) => `${row.symbol.id} ${row.lines.join()}`).sort(),
      complete: callers.complete
    },
    page: {
      total: here.total,
      members: here.members,
      incomplete: here.nIncomplete,
      groups: here.groups.map(({ role, total, rows }) => ({
        role,
        total,
        rows: rows.map((row) => [idOf(row.symbol), row.depth, row.through, idOf(row.from), row.confidence, row.lines])
      })),
      tests: here.testFiles.map(({ path, symbols }) => [path, symbols]),
      callers: detail.callers.map((row) => `${idOf(row.symbol)} ${row.sites.map(({ line }) => line).join()}`).sort(),
      complete: detail.callersComplete
    }
  };
}

/** The ids on the way between two symbols, as both see it. */
export function pathOfBoth(program: string, pack: string, model: Model, from: number, to: number) {
  const { ids } = model.table;
  const told = printed(program, 'path', pack, [ids[from]!, ids[to]!]);
  return {
    program: told && told.steps.map((step: Json) => step.to.symbol.id),
    page: model.queries.path(from, to).steps?.map((step) => ids[step.to]!) ?? null
  };
}

/** The evidence for a question, as both see it; the program answers without vectors here, as the page does. */
export async function answerOfBoth(program: string, pack: string, model: Model, question: string) {
  const told = printed(program, 'ask', pack, [question])!;
  const here = (await model.ask(question, await new LateEntries(model.pack, null, DEFAULT_LIMITS).bodies()))!;
  return {
    program: {
      outcome: told.outcome,
      unknown: told.unknown_words,
      lacks: told.lacks,
      items: told.items.map((item: Json) => [item.kind, item.file_path, item.line, item.words, item.score.toFixed(5)])
    },
    page: {
      outcome: here.outcome,
      unknown: here.unknownWords,
      lacks: here.lacks,
      // The program writes a score with six digits, and each rounding may tip the next.
      items: here.items.map((item) => [item.kind, item.path, item.line, item.words, sixDigits(item.score).toFixed(5)])
    }
  };
}

const sixDigits = (score: number) => Math.round(score * 1e6) / 1e6;
