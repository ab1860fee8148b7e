import type { Answer } from '$lib/ask/answer';
import { LEAST_SIMILAR, placesOf, type Ranked, type SearchHit, type Similar } from '$lib/docpack/source';
import { answerOn } from '$lib/docpack/port';
import { fieldOf } from '$lib/search/pack-search';
import { WorkerSource } from '$lib/docpack/worker-source';
import type { ApiClient, DocpackSummary, Schemas } from './client';
import { entriesBelow, inPack } from './fetch-entry';
import { patiently } from './patience';

/**
 * A pack behind the API: a worker reads its entries, which this page fetches, and checks each against the manifest.
 *
 * Vectors and source text are fetched when they are asked for. The API compares the vectors of packs that have only
 * floating-point ones, and it knows what a query means.
 */
export class ApiSource extends WorkerSource {
  private readonly api: ApiClient;
  private readonly pack: DocpackSummary;

  constructor(api: ApiClient, pack: DocpackSummary, entries: string, worker: Worker) {
    const { port1, port2 } = new MessageChannel();
    super({ method: 'open', entries: port2, docpackId: pack.docpack_id }, worker, [port2]);
    answerOn(port1, entriesBelow(entries));
    this.api = api;
    this.pack = pack;
  }

  /** Ranks by words and, where the pack has vectors of the API's model, by meaning. */
  override readonly rank = async (query: string, limit: number, signal: AbortSignal): Promise<Ranked> => {
    const { hits, ranking } = await this.api.search(this.pack.docpack_id, { q: query, limit }, signal);
    const places = placesOf(await this.table());
    return { hits: hits.flatMap((hit) => rankedHit(hit, places)), byMeaning: ranking.semantic };
  };

  override async ask(question: string): Promise<Answer | null> {
    const answer = await patiently(() => this.api.ask(this.pack.docpack_id, { q: question })).catch(inPack);
    return fromApi(answer, placesOf(await this.table()));
  }

  override async similar(symbol: number, limit: number): Promise<Similar> {
    const { manifest } = await this.head();
    // Small enough to be read here; vectors of older packs are four times as long.
    if (manifest.optional.has_vectors) return super.similar(symbol, limit);
    const byEdges = await super.similar(symbol, limit);
    // The worker knows which text holds the symbol; the vectors are not here.
    const { of } = byEdges;
    if (!manifest.optional.has_embeddings || of === null) return byEdges;
    const { ids } = await this.table();
    const { similar } = await patiently(() => this.api.symbol(this.pack.docpack_id, ids[of]!, limit)).catch(inPack);
    if (similar.length === 0) return byEdges;
    const places = placesOf(await this.table());
    const found = similar.flatMap(({ similarity, symbol }) => {
      const place = places.get(symbol.id);
      return place === undefined || similarity < LEAST_SIMILAR ? [] : [{ symbol: place, score: similarity }];
    });
    return { by: 'vectors', of, found };
  }

  override async download() {
    const url = await this.api.address(this.pack.links.download);
    const name = `${this.pack.name.replaceAll('/', '-')}.docpack`;
    return { name, bytes: this.pack.size_bytes, url, open: async () => (await fetch(url)).blob() };
  }
}

function fromApi(answer: Schemas['Answer'], places: ReadonlyMap<string, number>): Answer {
  const placed = <T extends { file_path: string }>({ file_path, ...rest }: T) => ({ ...rest, path: file_path });
  return {
    question: answer.question,
    outcome: answer.outcome,
    unknownWords: answer.unknown_words,
    lacks: answer.lacks,
    items: answer.items.map((item) => ({
      kind: item.kind,
      title: item.title,
      symbol: item.symbol_id ? (places.get(item.symbol_id) ?? -1) : -1,
      path: item.file_path,
      line: item.line,
      quote: item.quote ? placed(item.quote) : null,
      text: item.text ?? null,
      steps: item.steps.map(({ text, condition, depth, file_path, line }) => ({
        text: text ?? '',
        condition: condition ?? null,
        depth: depth ?? 0,
        path: file_path,
        line
      })),
      leftOut: item.left_out,
      words: item.words,
      score: item.score
    }))
  };
}

function rankedHit(hit: Schemas['SearchHit'], places: ReadonlyMap<string, number>): SearchHit[] {
  const field = fieldOf(hit.tier, hit.fields);
  if (!hit.symbol)
    return [
      { kind: hit.kind, symbol: -1, name: hit.name, path: hit.path, line: hit.line ?? null, field, isAside: false }
    ];
  const symbol = places.get(hit.symbol.id);
  return symbol === undefined
    ? []
    : [{ kind: 'symbol', symbol, name: '', path: '', line: null, field, isAside: false }];
}
