//! Clusters and their labels.

use std::collections::BTreeSet;
use std::fmt::Write;

use doctown_graph::{AssembleError, Clustering};
use model::assembly::Assembly;

use crate::fixture::{Fixture, WEB, params};

/// One line per cluster with its size, cohesion and members.
fn clusters(fixture: &Fixture, assembly: &Assembly) -> String {
    let mut text = String::new();
    for cluster in &assembly.clusters {
        let mut names: Vec<&str> = cluster.members.iter().map(|&id| fixture.name(id)).collect();
        names.sort_unstable();
        writeln!(text, "{} ({}, cohesion {:.2})", cluster.label, names.len(), cluster.cohesion)
            .expect("to a string");
        names.iter().for_each(|name| writeln!(text, "  {name}").expect("to a string"));
    }
    text
}

#[test]
fn communities_are_the_subsystems() {
    let fixture = Fixture::parse(WEB);
    insta::assert_snapshot!(clusters(&fixture, &fixture.assemble(Clustering::Communities)));
}

#[test]
fn communities_without_vectors_follow_calls_and_folders() {
    let fixture = Fixture::parse(WEB);
    insta::assert_snapshot!(clusters(&fixture, &fixture.assemble_without_vectors()));
}

#[test]
fn every_method_puts_every_symbol_into_one_cluster() {
    let fixture = Fixture::parse(WEB);
    let n_symbols = fixture.repository().len();
    for &clustering in Clustering::ALL {
        let assembly = fixture.assemble(clustering);
        let members: Vec<_> = assembly.clusters.iter().flat_map(|cluster| &cluster.members).collect();
        assert_eq!(members.len(), n_symbols, "{clustering:?}");
        assert_eq!(members.iter().collect::<BTreeSet<_>>().len(), n_symbols, "{clustering:?}");
        for metrics in &assembly.metrics {
            let cluster = assembly.clusters.iter().find(|it| Some(it.cluster_id) == metrics.cluster_id);
            assert!(
                cluster.is_some_and(|it| it.members.binary_search(&metrics.id).is_ok()),
                "{clustering:?}"
            );
        }
    }
}

#[test]
fn labels_differ_and_have_few_words() {
    let fixture = Fixture::parse(WEB);
    for &clustering in Clustering::ALL {
        let assembly = fixture.assemble(clustering);
        let labels: BTreeSet<&str> = assembly.clusters.iter().map(|cluster| cluster.label.as_str()).collect();
        assert_eq!(labels.len(), assembly.clusters.len(), "{clustering:?}");
        assert!(labels.iter().all(|label| (1..=4).contains(&label.split(' ').count())), "{labels:?}");
    }
}

#[test]
fn a_class_is_never_torn_apart() {
    let fixture = Fixture::parse(WEB);
    let assembly = fixture.assemble(Clustering::Communities);
    for file in &fixture.files {
        let cluster_of = |index: u32| {
            let id = file.symbols[index as usize].id;
            assembly.metrics.iter().find(|metrics| metrics.id == id).and_then(|metrics| metrics.cluster_id)
        };
        for (index, symbol) in (0_u32..).zip(&file.symbols) {
            if let Some(parent) = symbol.parent.filter(|&parent| parent != 0) {
                assert_eq!(cluster_of(index), cluster_of(parent), "{}", symbol.qualified_name);
            }
        }
    }
}

#[test]
fn methods_over_vectors_ask_for_vectors() {
    let fixture = Fixture::parse(WEB);
    for clustering in [Clustering::Kmeans, Clustering::Hdbscan] {
        let found = doctown_graph::assemble(&fixture.repository(), None, &params(clustering));
        assert_eq!(found, Err(AssembleError::NeedsVectors { clustering }));
    }
}

#[test]
fn every_word_of_a_method_is_read_back() {
    for &clustering in Clustering::ALL {
        assert_eq!(Clustering::from_word(clustering.as_str()), Some(clustering));
    }
    assert_eq!(Clustering::from_word("leiden"), None);
}

/// The label of the cluster that holds a symbol.
fn label_of(fixture: &Fixture, name: &str) -> String {
    let assembly = fixture.assemble_without_vectors();
    let holds = |cluster: &&model::assembly::Cluster| {
        cluster.members.iter().any(|&id| fixture.name(id).ends_with(name))
    };
    assembly.clusters.iter().find(holds).expect("every symbol is in a cluster").label.clone()
}

#[test]
fn the_most_central_type_is_found_in_the_label_of_its_cluster() {
    let callers: String = (0..9).map(|at| format!("fn serve_{at} -> Router\n")).collect();
    let text =
        format!("//- src/net/chain.rs\nstruct Router\n  method add\n  method find\nfn chain\n{callers}");
    let label = label_of(&Fixture::parse(&text), "Router");
    assert!(label.split(' ').any(|word| word == "router"), "{label}");
}

#[test]
fn tests_and_examples_give_a_cluster_of_the_product_no_word() {
    let cases: String = (0..30).map(|at| format!("fn todo_case_{at} #[test] -> Session\n")).collect();
    let text = format!(
        "//- src/sessions.rs\nstruct Session\n  method open\n  method save\nfn load_session -> Session\nfn close_session -> Session\n{cases}"
    );
    let label = label_of(&Fixture::parse(&text), "Session");
    assert!(label.contains("session") && !label.contains("todo"), "{label}");
}

#[test]
fn a_word_that_nearly_everything_stands_under_is_in_no_label() {
    let text = "//- axum/src/routing.rs\nstruct Route\n  method call\n  method map\n\
                //- axum_extra/src/cookie.rs\nstruct Jar\n  method add\n  method get\n";
    let fixture = Fixture::parse(text);
    for name in ["Route", "Jar"] {
        let label = label_of(&fixture, name);
        assert!(label.split(' ').all(|word| word != "axum"), "{label}");
    }
}

#[test]
fn a_few_symbols_of_the_product_do_not_name_the_examples_around_them() {
    let lines = |n: usize, line: fn(usize) -> String| (0..n).map(line).collect::<String>();
    let callers = lines(90, |at| format!("fn serve_{at} -> Router\n"));
    let examples = lines(60, |at| format!("//- examples/app_{at}/main.rs\nfn start_{at} -> Html\n"));
    let product = "//- src/html.rs\nstruct Html\n  method into\n  method from\n  method write\n";
    let text = format!("//- src/net/router.rs\nstruct Router\n  method add\n{callers}{product}{examples}");
    let label = label_of(&Fixture::parse(&text), "start_7");
    assert!(label.ends_with("examples"), "{label}");
}
