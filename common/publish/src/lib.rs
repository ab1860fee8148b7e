//! What the stages computed as records of the public format.
//!
//! This is the only crate that maps the internal model to the public records: the pack stage writes them, and the
//! assemble stage looks at them where a model is to be asked about what follows from them.

mod facts;

use std::collections::BTreeMap;

use docpack::records as public;
use docpack::{Language, Open, Role, SourceTexts, SourceTextsError, SymbolId, Vectors, VectorsError};
use model::assembly::{Assembly, SectionSymbols, SymbolMetrics};
use model::body::{Body, Condition, Literal, Step};
use model::context::{GenerateInput, Overview, OverviewSet, Question, Summary, SummarySource, Verdict};
use model::facts::{Symbol, gaps};
use model::ingest::{ChunkRecord, DocumentRecord, FileRecord, Redaction, Skipped, SourceText};
use model::resolution::{CONFIDENCE_FLOOR, Edge, Resolution};
use model::role::is_support;
use model::vectors::VectorShard;
use pipeline::PinnedEmbedder;

pub use facts::{facts, leave_facts};

/// Tells of the embedder that the job was made with.
pub fn embedding_model(embedder: &PinnedEmbedder) -> public::EmbeddingModel {
    public::EmbeddingModel {
        name: embedder.model.clone(),
        digest: embedder.model_digest,
        pooling: "mean".to_owned(),
        normalized: true,
        precision: embedder.precision.as_str().to_owned(),
        provider: embedder.provider.clone(),
        max_tokens: embedder.max_tokens,
        runtime_version: embedder.runtime.clone(),
    }
}

/// Makes the symbols, in ascending id order.
pub fn nodes(files: Vec<FileRecord>, assembly: &Assembly, summaries: Vec<Summary>) -> public::Nodes {
    let metrics: BTreeMap<SymbolId, &SymbolMetrics> = assembly.metrics.iter().map(|m| (m.id, m)).collect();
    let mut words: BTreeMap<SymbolId, Summary> =
        summaries.into_iter().map(|summary| (summary.id, summary)).collect();
    let mut symbols = Vec::new();
    for mut file in files {
        let ids: Vec<_> = file.symbols.iter().map(|symbol| symbol.id).collect();
        for symbol in std::mem::take(&mut file.symbols) {
            let parent = symbol.parent.and_then(|idx| ids.get(idx as usize).copied());
            let metrics = metrics.get(&symbol.id).copied();
            let documentation = words.remove(&symbol.id).map(documentation);
            symbols.push(node(symbol, parent, &file, metrics, documentation));
        }
    }
    symbols.sort_by_key(|symbol| symbol.id);
    public::Nodes { symbols }
}

fn node(
    symbol: Symbol,
    parent: Option<SymbolId>,
    file: &FileRecord,
    metrics: Option<&SymbolMetrics>,
    documentation: Option<public::Documentation>,
) -> public::Symbol {
    let parameters = symbol.parameters.into_iter();
    let own_role = symbol.role.filter(|own| own.role != file.role.role);
    public::Symbol {
        id: symbol.id,
        name: symbol.name,
        qualified_name: symbol.qualified_name,
        kind: symbol.kind.into(),
        language: file.language.into(),
        file_path: file.file_path.clone(),
        byte_range: symbol.byte_range,
        line_range: symbol.line_range,
        signature: symbol.signature,
        parameters: parameters
            .map(|p| public::Parameter { name: p.name, type_name: p.type_name, default: p.default })
            .collect(),
        return_type: symbol.return_type,
        generics: symbol.generics,
        modifiers: symbol.modifiers,
        visibility: symbol.visibility.into(),
        exported: symbol.exported,
        bases: symbol.bases,
        implements: (!symbol.implements.is_empty()).then(|| symbol.implements.join(", ")),
        doc_comment: symbol.doc_comment,
        attributes: symbol.attributes,
        role: Some(own_role.as_ref().map_or(file.role.role, |own| own.role).into()),
        role_reason: own_role.map(|own| own.reason.into_owned()),
        body_digest: symbol.body_digest,
        parent,
        complexity: symbol
            .complexity
            .map(|c| public::Complexity { cyclomatic: c.cyclomatic, cognitive: c.cognitive }),
        cluster_id: metrics.and_then(|metrics| metrics.cluster_id),
        centrality: metrics.map_or(0.0, |metrics| metrics.centrality),
        in_degree: metrics.map_or(0, |metrics| metrics.in_degree),
        out_degree: metrics.map_or(0, |metrics| metrics.out_degree),
        callers_complete: metrics.is_some_and(|metrics| metrics.callers_complete),
        documentation,
    }
}

/// Says what callables do; those that do nothing are left out, and so are tests and examples beside a product, which
/// are most of the steps and tell how the product is used rather than what it does.
pub fn bodies(files: &[FileRecord]) -> Option<public::Bodies> {
    let symbols =
        || files.iter().flat_map(|file| file.symbols.iter().map(move |symbol| (symbol, role(symbol, file))));
    let has_product = symbols().any(|(_, role)| role == Role::Product);
    let mut bodies: Vec<_> = symbols()
        .filter(|(_, role)| !has_product || !is_support(*role))
        .filter_map(|(symbol, _)| Some((symbol.id, symbol.body.as_deref()?)))
        .filter(|(_, body)| !body.steps.is_empty())
        .map(|(id, body)| self::body(id, body))
        .collect();
    bodies.sort_by_key(|body| body.symbol_id);
    (!bodies.is_empty()).then_some(public::Bodies { bodies })
}

fn role(symbol: &Symbol, file: &FileRecord) -> Role {
    symbol.role.as_ref().map_or(file.role.role, |own| own.role)
}

fn body(symbol_id: SymbolId, body: &Body) -> public::Body {
    let condition = |condition: &Condition| public::Condition {
        kind: condition.kind.into(),
        text: condition.text.clone(),
        line: condition.line,
        within: condition.within,
    };
    public::Body {
        symbol_id,
        conditions: body.conditions.iter().map(condition).collect(),
        steps: body.steps.iter().map(step).collect(),
        cut: body.is_cut,
    }
}

fn step(step: &Step) -> public::Step {
    let literal =
        |literal: &Literal| public::Literal { kind: literal.kind.into(), text: literal.text.clone() };
    public::Step {
        kind: step.kind.into(),
        under: step.under,
        line: step.line,
        byte_start: step.byte_start,
        text: step.text.clone(),
        arguments: step.arguments.clone(),
        value: step.value.clone(),
        effect: step.effect.map(Into::into),
        literals: step.literals.iter().map(literal).collect(),
        awaited: step.is_awaited,
    }
}

fn documentation(summary: Summary) -> public::Documentation {
    public::Documentation {
        summary: summary.text,
        source: source_word(summary.source).to_owned(),
        verdict: summary.verdict.as_str().to_owned(),
        evidence: summary.evidence,
    }
}

fn source_word(source: SummarySource) -> &'static str {
    match source {
        SummarySource::Model => "model",
        SummarySource::Extractive => "extractive",
    }
}

/// Makes the edges and what did not become one.
pub fn graph(resolution: Resolution, assembly: &Assembly) -> public::Graph {
    let mut edges: Vec<_> = resolution.edges.into_iter().map(edge).collect();
    edges.extend(assembly.related.iter().cloned().map(edge));
    let ambiguous = resolution.ambiguous.into_iter().map(|found| public::Ambiguous {
        source: found.source,
        name: found.name,
        line: found.line,
        candidates: found
            .candidates
            .into_iter()
            .map(|candidate| public::Candidate { id: candidate.id, confidence: candidate.confidence })
            .collect(),
    });
    let unresolved = resolution.unresolved.into_iter().map(|found| public::Unresolved {
        source: found.source,
        name: found.name,
        lines: found.lines,
        reason: found.reason.as_str().to_owned(),
        package: found.package,
    });
    let coupling = assembly.coupling.iter().map(|pair| public::Coupling {
        from: pair.from.clone(),
        to: pair.to.clone(),
        weight: pair.weight,
    });
    public::Graph {
        confidence_floor: CONFIDENCE_FLOOR,
        edges,
        ambiguous: ambiguous.collect(),
        unresolved: unresolved.collect(),
        metrics: public::GraphMetrics {
            density: assembly.density,
            modularity: assembly.modularity,
            coupling: coupling.collect(),
        },
    }
}

fn edge(edge: Edge) -> public::Edge {
    public::Edge {
        source: edge.source,
        target: edge.target,
        kind: edge.kind.into(),
        confidence: edge.confidence,
        evidence: edge.evidence.into(),
        weight: edge.weight,
        sites: edge
            .sites
            .into_iter()
            .map(|site| public::Site { line: site.line, byte_start: site.byte_start })
            .collect(),
    }
}

/// Makes the files and documents.
pub fn source_map(
    files: &[FileRecord],
    skipped: Vec<Skipped>,
    documents: Vec<DocumentRecord>,
    named_in: &[SectionSymbols],
) -> public::SourceMap {
    let named: BTreeMap<(&str, u32), &[SymbolId]> =
        named_in.iter().map(|it| ((it.file_path.as_str(), it.section), it.symbols.as_slice())).collect();
    let skipped = skipped
        .into_iter()
        .map(|skipped| public::SkippedFile { file_path: skipped.file_path, reason: skipped.reason });
    public::SourceMap {
        files: files.iter().map(source_file).collect(),
        skipped: skipped.collect(),
        documents: documents.into_iter().map(|it| document(it, &named)).collect(),
    }
}

/// Takes the beginnings of the documents that were kept.
pub fn texts(documents: &mut [DocumentRecord]) -> BTreeMap<String, String> {
    let kept = documents.iter_mut().filter_map(|it| Some((it.file_path.clone(), it.beginning.take()?)));
    kept.collect()
}

fn document(document: DocumentRecord, named: &BTreeMap<(&str, u32), &[SymbolId]>) -> public::Document {
    let path = document.file_path.as_str();
    let sections = (0_u32..).zip(document.sections).map(|(at, section)| public::Section {
        title: section.title,
        level: section.level,
        line: section.line,
        byte_range: section.byte_range,
        symbol_ids: named.get(&(path, at)).map(|it| it.to_vec()).unwrap_or_default(),
    });
    let sections = sections.collect();
    public::Document {
        file_path: document.file_path,
        bytes: document.size_bytes,
        sha256: document.sha256.hex(),
        role: document.role.role.into(),
        sections,
    }
}

/// Places the texts behind one another; `None` where there are none.
pub fn source_texts(sources: Vec<SourceText>) -> Result<Option<SourceTexts>, SourceTextsError> {
    let mut texts = SourceTexts::default();
    let is_empty = sources.is_empty();
    for source in sources {
        let redaction = |it: Redaction| public::Redaction {
            start: it.byte_range.start,
            end: it.byte_range.end,
            rule: it.rule,
        };
        let redactions = source.redactions.into_iter().map(redaction).collect();
        texts.push(source.file_path, &source.text, redactions)?;
    }
    Ok((!is_empty).then_some(texts))
}

/// Gives each chunk its row; `vectors` are sorted by chunk.
pub fn vectors(files: &public::SourceMap, vectors: &VectorShard) -> Result<Vectors, VectorsError> {
    let mut rows = Vectors::new(vectors.n_dimensions as u32)?;
    for chunk in files.files.iter().flat_map(|file| &file.chunks) {
        let n_numbers = vectors.n_dimensions;
        let row = vectors.chunk_ids.binary_search(&chunk.chunk_id).ok();
        match row.and_then(|row| vectors.rows.get(row * n_numbers..(row + 1) * n_numbers)) {
            Some(row) => rows.push(row)?,
            None => rows.push_absent()?,
        }
    }
    Ok(rows)
}

fn source_file(file: &FileRecord) -> public::SourceFile {
    let imports = file.imports.iter();
    public::SourceFile {
        file_path: file.file_path.clone(),
        language: file.language.into(),
        role: Some(file.role.role.into()),
        role_reason: Some(file.role.reason.clone().into_owned()),
        bytes: file.size_bytes,
        sha256: file.sha256.hex(),
        lines: file.n_lines,
        imports: imports
            .map(|import| public::Import {
                raw: import.raw.clone(),
                path: import.path.clone(),
                line: import.line,
            })
            .collect(),
        chunks: file.chunks.iter().map(|chunk| chunk_record(file, chunk)).collect(),
        gaps: gaps_of(file),
    }
}

fn gaps_of(file: &FileRecord) -> Vec<public::Gap> {
    let found = gaps(&file.findings, file.n_error_nodes);
    let mut gaps: Vec<_> = found
        .map(|gap| public::Gap { code: gap.code.to_owned(), places: gap.n_places, line: gap.line })
        .collect();
    gaps.sort();
    gaps
}

fn chunk_record(file: &FileRecord, chunk: &ChunkRecord) -> public::Chunk {
    let symbol = |idx: &u32| file.symbols.get(*idx as usize).map(|symbol| symbol.id);
    public::Chunk {
        chunk_id: chunk.chunk_id,
        byte_range: chunk.byte_range,
        sha256: chunk.text_sha256.hex(),
        symbol_ids: chunk.symbols.iter().filter_map(symbol).collect(),
    }
}

/// Makes the groups.
pub fn clusters(assembly: &Assembly) -> public::Clusters {
    let clusters = assembly.clusters.iter().map(|cluster| public::Cluster {
        cluster_id: cluster.cluster_id,
        label: cluster.label.clone(),
        member_count: cluster.members.len() as u32,
        members: cluster.members.clone(),
        cohesion: cluster.cohesion,
    });
    public::Clusters { clusters: clusters.collect() }
}

/// Makes the positions.
pub fn layout(assembly: &Assembly) -> public::Layout {
    let clusters = assembly.layout.clusters.iter().map(|place| public::ClusterPosition {
        cluster_id: place.cluster_id,
        x: place.x,
        y: place.y,
        radius: place.radius,
    });
    let symbols = assembly.layout.symbols.iter().map(|place| public::SymbolPosition {
        id: place.id,
        x: place.x,
        y: place.y,
    });
    public::Layout { clusters: clusters.collect(), symbols: symbols.collect() }
}

/// Without overviews (the unit was lost) the pack says nothing rather than something made up.
pub fn overviews(set: Option<OverviewSet>) -> public::Overviews {
    let Some(set) = set else {
        let architecture = public::OverviewText {
            text: String::new(),
            source: source_word(SummarySource::Extractive).to_owned(),
            verdict: Verdict::Extractive.as_str().to_owned(),
        };
        return public::Overviews { architecture, modules: Vec::new() };
    };
    let text = |overview: Overview| public::OverviewText {
        text: overview.text,
        source: source_word(overview.source).to_owned(),
        verdict: overview.verdict.as_str().to_owned(),
    };
    let modules = set.modules.into_iter().map(|overview| public::ModuleOverview {
        path: overview.path,
        text: overview.text,
        source: source_word(overview.source).to_owned(),
        verdict: overview.verdict.as_str().to_owned(),
    });
    public::Overviews { modules: modules.collect(), architecture: text(set.architecture) }
}

/// What each symbol's and the repository's words were made of, and every question that a model was asked.
pub fn contexts(
    inputs: &[GenerateInput],
    questions: &[Question],
) -> Result<serde_json::Value, serde_json::Error> {
    let (mut contexts, mut repository) = (serde_json::Map::new(), None);
    for input in inputs {
        match input {
            GenerateInput::Symbols(shard) => {
                for context in shard {
                    contexts.insert(context.id.to_string(), serde_json::to_value(context)?);
                }
            }
            // The claims are an entry of their own.
            GenerateInput::Insights(_) => {}
            GenerateInput::Repository(context) => repository = Some(serde_json::to_value(context)?),
        }
    }
    let mut whole = serde_json::json!({ "contexts": contexts });
    if let Some(repository) = repository {
        whole["repository"] = repository;
    }
    if !questions.is_empty() {
        whole["questions"] = serde_json::to_value(questions)?;
    }
    Ok(whole)
}

/// Counts files, faults and calls by language.
pub fn languages(files: &[FileRecord], resolution: &Resolution) -> Vec<public::LanguageQuality> {
    let mut found: BTreeMap<Language, public::LanguageQuality> = BTreeMap::new();
    let empty = |language| public::LanguageQuality {
        language: Open::from(language),
        files: 0,
        files_with_errors: 0,
        error_nodes: 0,
        calls: public::CallCounts::default(),
    };
    for file in files {
        let row = found.entry(file.language).or_insert_with(|| empty(file.language));
        row.files += 1;
        row.files_with_errors += u32::from(file.n_error_nodes > 0);
        row.error_nodes += file.n_error_nodes;
    }
    for calls in &resolution.calls {
        let row = found.entry(calls.language).or_insert_with(|| empty(calls.language));
        row.calls = public::CallCounts {
            resolved: calls.resolved,
            ambiguous: calls.ambiguous,
            external: calls.external,
            dynamic: calls.dynamic,
            unknown: calls.unknown,
        };
    }
    found.into_values().collect()
}
