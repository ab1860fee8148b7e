// Written from common/docpack/schemas by `npm run records`; change those and run it again.

import type { EntryTable } from './layers';

export const ENTRY_TABLE: EntryTable = {
  required: [
    "layout.json",
    "quality.json",
    "clusters.json",
    "overviews.json",
    "source_map.json",
    "nodes.json",
    "graph.json"
  ],
  divisible: [
    "source_map.json",
    "nodes.json",
    "graph.json",
    "bodies.json"
  ],
  bytes: [
    "embeddings.bin",
    "vectors.bin"
  ],
  layers: [
    {"entry":"layout.json","layer":"semantics","members":[]},
    {"entry":"quality.json","layer":"facts","members":[{"elements":null,"fields":{},"identity":null,"layer":"semantics","member":"neighbour_search"},{"elements":null,"fields":{},"identity":null,"layer":"prose","member":"summaries"}]},
    {"entry":"clusters.json","layer":"semantics","members":[]},
    {"entry":"overviews.json","layer":"prose","members":[]},
    {"entry":"source_map.json","layer":"facts","members":[]},
    {"entry":"nodes.json","layer":"facts","members":[{"elements":null,"fields":{"centrality":"semantics","cluster_id":"semantics","documentation":"prose"},"identity":"id","layer":"facts","member":"symbols"}]},
    {"entry":"graph.json","layer":"facts","members":[{"elements":{"field":"kind","layer":"semantics","value":"related"},"fields":{},"identity":null,"layer":"facts","member":"edges"},{"elements":null,"fields":{"modularity":"semantics"},"identity":null,"layer":"facts","member":"metrics"}]},
    {"entry":"bodies.json","layer":"facts","members":[]},
    {"entry":"insights.json","layer":"facts","members":[{"elements":null,"fields":{},"identity":null,"layer":"prose","member":"words"}]},
    {"entry":"symbol_contexts.json","layer":"prose","members":[]},
    {"entry":"embeddings_index.json","layer":"semantics","members":[]},
    {"entry":"embeddings.bin","layer":"semantics","members":[]},
    {"entry":"vectors.bin","layer":"semantics","members":[]},
    {"entry":"tour.json","layer":"facts","members":[]}
  ]
};
