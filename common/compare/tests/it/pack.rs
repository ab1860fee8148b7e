//! Packs made from text: files begin with `//- /path`.

use docpack::records::{Bodies, Graph, Nodes, Source, SourceMap};
use docpack::{ClusterId, Digest};
use graph::{AssembleParams, Clustering, DEFAULT_SEED, Repository};
use model::ingest::FileRecord;
use parse::manifests::Manifests;
use parse::resolve::Linker;
use std::collections::BTreeMap;

/// A pack's records, and what stands for its id.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    id: Digest,
    source: Source,
    pub(crate) nodes: Nodes,
    pub(crate) graph: Graph,
    pub(crate) source_map: SourceMap,
    pub(crate) bodies: Option<Bodies>,
    labels: BTreeMap<ClusterId, String>,
}

impl Version {
    /// Reads a repository as the stages do, without vectors.
    pub(crate) fn of(fixture: &str) -> Self {
        let mut linker = Linker::new();
        let mut files = Vec::new();
        for (path, text) in split(fixture) {
            if Manifests::is_manifest(path) {
                linker.add_manifest(path, text);
            }
            let Some(language) = parse::detect(path, text.as_bytes()) else { continue };
            let facts = parse::parse(language, path, text.as_bytes(), &parse::ParseLimits::default());
            linker.add_file(&facts);
            files.push(FileRecord {
                file_path: facts.file_path,
                language: facts.language,
                size_bytes: facts.size_bytes,
                sha256: facts.sha256,
                n_lines: facts.n_lines,
                role: facts.role,
                n_error_nodes: facts.n_error_nodes,
                symbols: facts.symbols,
                imports: facts.imports,
                chunks: Vec::new(),
                findings: facts.findings,
            });
        }
        let resolution = linker.finish().to_resolution();
        let params = AssembleParams { clustering: Clustering::Communities, seed: DEFAULT_SEED };
        let assembly =
            graph::assemble(&Repository::new(&files, &resolution), None, &params).expect("needs no vectors");
        let labels = assembly.clusters.iter().map(|it| (it.cluster_id, it.label.clone())).collect();
        Self {
            id: Digest::of(fixture.as_bytes()),
            source: Source {
                repo_url: None,
                git_ref: None,
                commit_hash: None,
                tree_digest: Digest::of(fixture.as_bytes()),
                dirty: false,
            },
            bodies: publish::bodies(&files),
            source_map: publish::source_map(&files, Vec::new(), Vec::new(), &[]),
            graph: publish::graph(resolution, &assembly),
            nodes: publish::nodes(files, &assembly, Vec::new()),
            labels,
        }
    }

    pub(crate) fn pack(&self) -> compare::Pack<'_> {
        compare::Pack {
            id: self.id,
            source: &self.source,
            nodes: &self.nodes,
            graph: &self.graph,
            source_map: &self.source_map,
            bodies: self.bodies.as_ref(),
            labels: self.labels.iter().map(|(id, label)| (*id, label.as_str())).collect(),
        }
    }
}

fn split(fixture: &str) -> Vec<(&str, &str)> {
    let parts = fixture.split("//- /").skip(1);
    parts.filter_map(|part| part.split_once('\n')).map(|(path, text)| (path.trim(), text)).collect()
}

/// Compares two versions written as text.
pub(crate) fn compared(before: &str, after: &str) -> compare::Comparison {
    let (before, after) = (Version::of(before), Version::of(after));
    compare::compare(&before.pack(), &after.pack())
}
