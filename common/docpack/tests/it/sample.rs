//! A small pack with one of everything, and a larger one made of numbered copies.

use std::collections::BTreeMap;

use docpack::records::{
    Ambiguous, Body, CallCounts, Candidate, Chunk, Cluster, ClusterPosition, Clusters, Complexity, Condition,
    Coupling, Document, Documentation, Edge, EmbeddingModel, Flow, FlowStep, Gap, Generator, Graph,
    GraphMetrics, HistogramBucket, Import, Insight, InsightClaim, InsightGroup, InsightValue, InsightWords,
    Insights, LanguageQuality, Layout, Literal, Measure, Missing, ModuleOverview, Nodes, OverviewText,
    Overviews, Parameter, Quality, Quote, Redaction, Section, Site, SkippedFile, Source, SourceFile,
    SourceMap, Step, SummaryCounts, Symbol, SymbolPosition, Tour, TourEvidence, TourItem, TourSection,
    Unresolved,
};
use docpack::{
    About, BodyDigest, ByteRange, ChunkId, ClusterId, ConditionKind, Contents, Digest, EdgeKind, Effect,
    Embeddings, Evidence, FlowStepKind, InsightFamily, Language, LineRange, LiteralKind, Role, SourceTexts,
    StepKind, SymbolId, SymbolKind, Topic, Vectors, Visibility, Written,
};

/// Bytes and lines of every file in a sample.
pub(crate) const FILE_BYTES: u32 = 400;
const FILE_LINES: u32 = 20;

/// Packs the contents in memory.
pub(crate) fn pack(contents: &Contents) -> (Vec<u8>, Written) {
    let mut bytes = Vec::new();
    let written = docpack::write(contents, &mut bytes).unwrap();
    (bytes, written)
}

/// Two files, `src/http/header.rs` with a module, a struct, a method and a test, and `src/lib.rs`.
pub(crate) fn small() -> Contents {
    numbered(1)
}

/// `n_files` files like the first, and one without symbols of its own but the module.
pub(crate) fn numbered(n_files: usize) -> Contents {
    let mut contents = empty();
    for number in 0..n_files {
        let path =
            if number == 0 { "src/http/header.rs".to_owned() } else { format!("src/http/h{number:05}.rs") };
        add_file(&mut contents, &path);
    }
    contents.quality.languages[0].files = n_files as u32;
    contents.quality.confidence_histogram[0].edges = 4 * n_files as u32;
    contents.sort();
    add_meaning(&mut contents);
    contents
}

fn empty() -> Contents {
    Contents {
        about: about(),
        layout: Layout::default(),
        quality: quality(),
        clusters: Clusters::default(),
        overviews: overviews(),
        source_map: SourceMap {
            files: Vec::new(),
            skipped: vec![SkippedFile { file_path: "logo.png".to_owned(), reason: "binary".to_owned() }],
            documents: vec![readme()],
        },
        nodes: Nodes::default(),
        graph: Graph {
            confidence_floor: 0.8,
            edges: Vec::new(),
            ambiguous: Vec::new(),
            unresolved: Vec::new(),
            metrics: GraphMetrics {
                density: 0.25,
                modularity: 0.312_5,
                coupling: vec![Coupling { from: "src".to_owned(), to: "src/http".to_owned(), weight: 3 }],
            },
        },
        bodies: None,
        symbol_contexts: None,
        embeddings: None,
        vectors: None,
        insights: None,
        tour: None,
        source: None,
        others: BTreeMap::new(),
    }
}

const README: &str = "# http\n\nReads headers.\n";

fn readme() -> Document {
    Document {
        file_path: "README.md".to_owned(),
        bytes: README.len() as u64,
        sha256: Digest::of(README.as_bytes()).hex(),
        role: Role::Documentation.into(),
        sections: vec![Section {
            title: "http".to_owned(),
            level: 1,
            line: 1,
            byte_range: ByteRange { start: 0, end: README.len() as u32 },
            symbol_ids: Vec::new(),
        }],
    }
}

fn about() -> About {
    About {
        created_at: "2024-05-01T12:00:00Z".to_owned(),
        source: Source {
            repo_url: Some("https://github.com/example/http".to_owned()),
            git_ref: Some("main".to_owned()),
            commit_hash: Some("3f786850e387550fdab836ed7e6dc881de23001b".to_owned()),
            tree_digest: Digest::of(b"the tree"),
            dirty: false,
        },
        generator: Generator { name: "doctown".to_owned(), version: "0.1.0".to_owned() },
        options: serde_json::json!({ "clustering": "communities", "max_file_bytes": 1_000_000 }),
        embedding_model: Some(EmbeddingModel {
            name: "all-MiniLM-L6-v2".to_owned(),
            digest: Digest::of(b"the model"),
            pooling: "mean".to_owned(),
            normalized: true,
            precision: "fp32".to_owned(),
            provider: "cpu".to_owned(),
            max_tokens: 256,
            runtime_version: "1.0".to_owned(),
        }),
        missing: vec![Missing { what: "history".to_owned(), code: "not_asked_for".to_owned() }],
    }
}

fn quality() -> Quality {
    Quality {
        languages: vec![LanguageQuality {
            language: Language::Rust.into(),
            files: 1,
            files_with_errors: 0,
            error_nodes: 0,
            calls: CallCounts { resolved: 1, ambiguous: 1, external: 1, dynamic: 0, unknown: 0 },
        }],
        confidence_histogram: vec![HistogramBucket { from: 0.8, to: 1.0, edges: 4 }],
        summaries: SummaryCounts { model: 0, unchecked: 0, extractive: 2, rejected: 0 },
        neighbour_search: "exact".to_owned(),
        secrets_redacted: [("github_token".to_owned(), 2)].into(),
    }
}

fn overviews() -> Overviews {
    let text = |text: &str| (text.to_owned(), "extractive".to_owned(), "extractive".to_owned());
    let (architecture, source, verdict) = text("One folder reads HTTP headers.");
    let (module, module_source, module_verdict) = text("Reads headers \u{2014} \"names\" and values.");
    Overviews {
        architecture: OverviewText { text: architecture, source, verdict },
        modules: vec![ModuleOverview {
            path: "src/http".to_owned(),
            text: module,
            source: module_source,
            verdict: module_verdict,
        }],
    }
}

fn symbol(path: &str, kind: SymbolKind, name: &str, signature: &str, start: u32, end: u32) -> Symbol {
    symbol_with_ordinal(path, kind, name, signature, start, end, 0)
}

fn symbol_with_ordinal(
    path: &str,
    kind: SymbolKind,
    name: &str,
    signature: &str,
    start: u32,
    end: u32,
    ordinal: u32,
) -> Symbol {
    let qualified_name = format!("http::header::{name}");
    Symbol {
        id: SymbolId::derive(Language::Rust, path, &qualified_name, kind, signature, ordinal),
        name: name.to_owned(),
        qualified_name,
        kind: kind.into(),
        language: Language::Rust.into(),
        file_path: path.to_owned(),
        byte_range: ByteRange { start, end },
        line_range: LineRange { start: 1 + start / 20, end: (end / 20).max(1 + start / 20) },
        signature: signature.to_owned(),
        parameters: vec![Parameter {
            name: "input".to_owned(),
            type_name: Some("&[u8]".to_owned()),
            default: None,
        }],
        return_type: Some("Option<Header>".to_owned()),
        generics: Vec::new(),
        modifiers: vec!["async".to_owned()],
        visibility: Visibility::Public.into(),
        exported: true,
        bases: Vec::new(),
        implements: None,
        doc_comment: Some("Reads one header,\n\ta \"name: value\" line.".to_owned()),
        attributes: vec!["#[must_use]".to_owned()],
        role: Some(Role::Product.into()),
        role_reason: None,
        body_digest: Some(BodyDigest([start as u8; 8])),
        parent: None,
        complexity: Some(Complexity { cyclomatic: 3, cognitive: 2 }),
        cluster_id: None,
        centrality: 0.0,
        in_degree: 0,
        out_degree: 0,
        callers_complete: true,
        documentation: None,
    }
}

/// Twenty lines of twenty bytes, with a secret in the first.
fn text_of(path: &str) -> String {
    let digest = Digest::of(path.as_bytes()).hex();
    let line = |number: u32| format!("// {number:02} {}\n", &digest[..13]);
    (1..=FILE_LINES).map(line).collect()
}

/// The texts of the files and of the README; the digits of each first line are a secret.
fn source(contents: &Contents) -> SourceTexts {
    let mut texts = SourceTexts::default();
    texts.push("README.md".to_owned(), README, Vec::new()).unwrap();
    for file in &contents.source_map.files {
        let mut text = text_of(&file.file_path);
        text.replace_range(6..19, &"*".repeat(13));
        let redaction = Redaction { start: 6, end: 19, rule: "github_token".to_owned() };
        texts.push(file.file_path.clone(), &text, vec![redaction]).unwrap();
    }
    texts
}

fn add_file(contents: &mut Contents, path: &str) {
    let module = symbol(path, SymbolKind::Module, "header", "mod header", 0, FILE_BYTES);
    let mut header = symbol(path, SymbolKind::Struct, "Header", "pub struct Header", 20, 100);
    let mut parse = symbol(path, SymbolKind::Function, "parse", "pub fn parse(input: &[u8])", 120, 200);
    // The same name and signature behind a `cfg`: an equal, later in the file.
    let mut again =
        symbol_with_ordinal(path, SymbolKind::Function, "parse", "pub fn parse(input: &[u8])", 220, 300, 1);
    for child in [&mut header, &mut parse, &mut again] {
        child.parent = Some(module.id);
    }
    parse.documentation = Some(Documentation {
        summary: "Reads one header.".to_owned(),
        source: "extractive".to_owned(),
        verdict: "extractive".to_owned(),
        evidence: vec!["doc_comment".to_owned()],
    });
    for child in [&header, &parse, &again] {
        contents.graph.edges.push(edge(module.id, child.id, EdgeKind::Contains, 1.0, Evidence::Scope));
    }
    contents.graph.edges.push(Edge {
        sites: vec![Site { line: 9, byte_start: 170 }],
        ..edge(parse.id, header.id, EdgeKind::ReferencesType, 0.98, Evidence::Scope)
    });
    contents.graph.edges.push(Edge {
        weight: Some(0.812_345_678),
        ..edge(parse.id, again.id, EdgeKind::Related, 1.0, Evidence::Similarity)
    });
    contents.graph.ambiguous.push(Ambiguous {
        source: again.id,
        name: "next".to_owned(),
        line: 14,
        candidates: vec![Candidate { id: parse.id, confidence: 0.4 }],
    });
    contents.graph.unresolved.push(Unresolved {
        source: parse.id,
        name: "memchr".to_owned(),
        lines: vec![8],
        reason: "external".to_owned(),
        package: Some("memchr".to_owned()),
    });
    let chunk = |text: &str, ordinal: u32, symbol: &Symbol| Chunk {
        chunk_id: ChunkId::derive(path, &Digest::of(text.as_bytes()), ordinal),
        byte_range: symbol.byte_range,
        sha256: Digest::of(text.as_bytes()).hex(),
        symbol_ids: vec![symbol.id],
    };
    contents.source_map.files.push(SourceFile {
        file_path: path.to_owned(),
        language: Language::Rust.into(),
        role: Some(Role::Product.into()),
        role_reason: Some("default".to_owned()),
        bytes: FILE_BYTES.into(),
        sha256: Digest::of(text_of(path).as_bytes()).hex(),
        lines: FILE_LINES,
        imports: vec![Import {
            raw: "use memchr::memchr;".to_owned(),
            path: "memchr::memchr".to_owned(),
            line: 1,
        }],
        chunks: vec![chunk("struct", 0, &header), chunk("fn", 0, &parse), chunk("fn", 1, &again)],
        gaps: vec![Gap { code: "syntax_error".to_owned(), places: 2, line: Some(FILE_LINES) }],
    });
    contents.bodies.get_or_insert_default().bodies.push(body_of(&parse));
    contents.nodes.symbols.extend([module, header, parse, again]);
}

/// A call under a condition, and what is returned.
fn body_of(symbol: &Symbol) -> Body {
    let step = |kind: StepKind, text: &str| Step {
        kind: kind.into(),
        under: None,
        line: 8,
        byte_start: 160,
        text: text.to_owned(),
        arguments: Vec::new(),
        value: None,
        effect: None,
        literals: Vec::new(),
        awaited: false,
    };
    let found = Condition {
        kind: ConditionKind::If.into(),
        text: "let Some(at) = colon".to_owned(),
        line: 8,
        within: None,
    };
    let header = Literal { kind: LiteralKind::Header.into(), text: "Accept".to_owned() };
    let call = Step {
        under: Some(0),
        arguments: vec!["\"Accept\"".to_owned(), "input".to_owned()],
        effect: Some(Effect::Log.into()),
        literals: vec![header],
        awaited: true,
        ..step(StepKind::Call, "memchr")
    };
    let write = Step { value: Some("+= 1".to_owned()), ..step(StepKind::Write, "self.n") };
    Body {
        symbol_id: symbol.id,
        conditions: vec![found],
        steps: vec![call, write, step(StepKind::Return, "None")],
        cut: false,
    }
}

/// Adds clusters, positions and vectors for what is there.
fn add_meaning(contents: &mut Contents) {
    let members: Vec<SymbolId> = contents.nodes.symbols.iter().map(|symbol| symbol.id).collect();
    let cluster_id = ClusterId::derive(&members);
    for (at, symbol) in contents.nodes.symbols.iter_mut().enumerate() {
        symbol.cluster_id = Some(cluster_id);
        symbol.centrality = 1.0 / (at + 1) as f64;
        contents.layout.symbols.push(SymbolPosition { id: symbol.id, x: 0.5, y: 1.0 / (at + 2) as f64 });
    }
    contents.layout.clusters.push(ClusterPosition { cluster_id, x: 0.5, y: 0.5, radius: 0.25 });
    contents.clusters.clusters.push(Cluster {
        cluster_id,
        label: "http parsing".to_owned(),
        member_count: members.len() as u32,
        members,
        cohesion: 0.8,
    });
    let files = &contents.source_map.files;
    let mut chunk_ids: Vec<ChunkId> =
        files.iter().flat_map(|file| &file.chunks).map(|chunk| chunk.chunk_id).collect();
    chunk_ids.sort();
    let vector = |id: &ChunkId| unit([f32::from(id.0[0]) / 255.0, 0.5, -0.25]);
    let numbers = chunk_ids.iter().flat_map(vector).collect();
    contents.embeddings = Some(Embeddings::new(3, chunk_ids, numbers).unwrap());
    contents.sort();
    let mut vectors = Vectors::new(3).unwrap();
    for chunk in contents.source_map.files.iter().flat_map(|file| &file.chunks) {
        vectors.push(&vector(&chunk.chunk_id)).unwrap();
    }
    contents.vectors = Some(vectors);
    contents.tour = Some(tour(contents));
    contents.insights = Some(insights(contents));
    contents.source = Some(source(contents));
}

/// A tour of one statement and one flow of one step.
fn tour(contents: &Contents) -> Tour {
    let is_wanted = |edge: &&Edge| edge.kind != EdgeKind::Contains && edge.source != edge.target;
    let edge = contents.graph.edges.iter().find(is_wanted).expect("one edge");
    let id = edge.source;
    let symbol = contents.nodes.symbols.iter().find(|symbol| symbol.id == id).expect("the caller");
    let quote = Quote { text: "Reads headers.".to_owned(), file_path: "README.md".to_owned(), line: 3 };
    let evidence = TourEvidence {
        symbol_id: Some(id),
        target_id: Some(edge.target),
        file_path: Some(symbol.file_path.clone()),
        line: Some(2),
    };
    let folder = TourEvidence { file_path: Some("src".to_owned()), ..TourEvidence::default() };
    let said = TourItem { quote: Some(quote.clone()), ..TourItem::default() };
    let text = "`parse` comes first.".to_owned();
    let stated = TourItem { depth: 1, text, evidence: vec![evidence, folder], ..TourItem::default() };
    let step = FlowStep {
        depth: 0,
        kind: FlowStepKind::Call.into(),
        text: "calls `new`".to_owned(),
        condition: Some("if `x`".to_owned()),
        quote: Some(quote),
        symbol_id: id,
        target_id: Some(edge.target),
        file_path: symbol.file_path.clone(),
        line: 3,
    };
    Tour {
        sections: vec![TourSection {
            topic: Topic::Purpose.into(),
            title: "What it is".to_owned(),
            items: vec![said, stated],
            left_out: 1,
            diagram: Some("flowchart TD".to_owned()),
        }],
        flows: vec![Flow {
            title: "`parse`".to_owned(),
            symbol_id: id,
            quote: None,
            steps: vec![step],
            ends: Vec::new(),
            left_out: 2,
            diagram: None,
        }],
    }
}

/// One claim with a field as its value, one with the author's words, and a model's words on the first.
fn insights(contents: &Contents) -> Insights {
    let symbol =
        contents.nodes.symbols.iter().find(|symbol| symbol.complexity.is_some()).expect("a callable");
    let place = TourEvidence {
        symbol_id: Some(symbol.id),
        target_id: None,
        file_path: Some(symbol.file_path.clone()),
        line: Some(symbol.line_range.start),
    };
    let decisions = symbol.complexity.map(|it| InsightValue::Number(it.cyclomatic.into()));
    let claim = |id: &str| InsightClaim {
        id: id.to_owned(),
        subject: symbol.name.clone(),
        text: String::new(),
        value: None,
        quote: None,
        evidence: Vec::new(),
    };
    let complex = InsightClaim {
        text: "`parse` decides a lot.".to_owned(),
        value: decisions,
        evidence: vec![place],
        ..claim("risks.complex.1")
    };
    let quote = Quote { text: "Reads headers.".to_owned(), file_path: "README.md".to_owned(), line: 3 };
    let said = InsightClaim { quote: Some(quote), ..claim("purpose.stated.1") };
    let group = |kind: &str, claim: InsightClaim| InsightGroup {
        kind: kind.to_owned(),
        title: "Title".to_owned(),
        because: None,
        measure: None,
        ordered: false,
        claims: vec![claim],
        left_out: 0,
    };
    let measure = Measure { name: "decisions".to_owned(), fact: "nodes.complexity.cyclomatic".to_owned() };
    let ranked = InsightGroup {
        because: Some("Few have as many.".to_owned()),
        measure: Some(measure),
        ordered: true,
        left_out: 3,
        ..group("complex", complex)
    };
    let insight = |family: InsightFamily, group| Insight {
        family: family.into(),
        title: "Title".to_owned(),
        question: "What is it?".to_owned(),
        groups: vec![group],
        limits: vec!["Calls through values are not followed.".to_owned()],
    };
    Insights {
        families: vec![
            insight(InsightFamily::Purpose, group("stated", said)),
            insight(InsightFamily::Risks, ranked),
        ],
        words: vec![InsightWords {
            family: InsightFamily::Risks.into(),
            claims: vec!["risks.complex.1".to_owned()],
            sentence: "Begin there.".to_owned(),
            verdict: "unchecked".to_owned(),
        }],
    }
}

/// Gives a vector the length 1.
fn unit(vector: [f32; 3]) -> [f32; 3] {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    vector.map(|number| number / length)
}

fn edge(source: SymbolId, target: SymbolId, kind: EdgeKind, confidence: f64, evidence: Evidence) -> Edge {
    let (kind, evidence) = (kind.into(), evidence.into());
    Edge { source, target, kind, confidence, evidence, weight: None, sites: Vec::new() }
}
