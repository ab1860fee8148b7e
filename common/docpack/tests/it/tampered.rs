//! Packs whose digests are all made to fit, and whose records do not: row 54 and its kin.

use docpack::{Contents, ReadLimits, verify};
use serde_json::{Value, json};

use crate::sample::{numbered, pack, small};
use crate::unpacked::Unpacked;

/// The codes, besides those of the layers' digests, after an edit by one who seals the manifest again.
fn codes(entry: &str, edit: impl FnOnce(&mut Value)) -> Vec<&'static str> {
    codes_of(&small(), entry, edit)
}

fn codes_of(contents: &Contents, entry: &str, edit: impl FnOnce(&mut Value)) -> Vec<&'static str> {
    let mut unpacked = Unpacked::of(&pack(contents).0);
    unpacked.edit(entry, edit);
    if entry == "manifest.json" {
        unpacked.seal_manifest()
    } else {
        unpacked.seal()
    };
    let violations = verify(unpacked.pack().as_slice(), &ReadLimits::default());
    let mut codes: Vec<_> = violations.into_iter().map(|found| found.code).collect();
    codes.retain(|code| !["facts", "semantics", "prose"].iter().any(|layer| code.starts_with(layer)));
    codes.dedup();
    codes
}

#[test]
fn untouched_packs_hold() {
    for contents in [small(), numbered(7)] {
        assert_eq!(verify(pack(&contents).0.as_slice(), &ReadLimits::default()), []);
    }
}

#[test]
fn sealing_alone_changes_nothing() {
    assert_eq!(codes("nodes.json", |_| {}), Vec::<&str>::new());
}

#[test]
fn layers_notice_what_is_theirs() {
    let layer_codes = |entry: &str, edit: fn(&mut Value)| {
        let mut unpacked = Unpacked::of(&pack(&small()).0);
        unpacked.edit(entry, edit);
        unpacked.seal();
        let violations = verify(unpacked.pack().as_slice(), &ReadLimits::default());
        violations.into_iter().map(|found| found.code).collect::<Vec<_>>()
    };
    let facts = ["facts_digest_mismatch"];
    let semantics = ["semantics_digest_mismatch"];
    let prose = ["prose_digest_mismatch"];
    assert_eq!(layer_codes("nodes.json", |json| json["symbols"][0]["doc_comment"] = "x".into()), facts);
    assert_eq!(layer_codes("nodes.json", |json| json["symbols"][0]["centrality"] = 0.125.into()), semantics);
    let documentation = json!({ "summary": "x", "source": "model", "verdict": "verified", "evidence": [] });
    let add = |json: &mut Value| json["symbols"][0]["documentation"] = documentation.clone();
    let mut unpacked = Unpacked::of(&pack(&small()).0);
    unpacked.edit("nodes.json", add);
    unpacked.seal();
    let found = verify(unpacked.pack().as_slice(), &ReadLimits::default());
    assert_eq!(found.iter().map(|found| found.code).collect::<Vec<_>>(), prose);
    assert_eq!(layer_codes("graph.json", |json| json["metrics"]["density"] = 0.5.into()), facts);
    assert_eq!(layer_codes("graph.json", |json| json["metrics"]["modularity"] = 0.5.into()), semantics);
    assert_eq!(layer_codes("graph.json", |json| *related(json) = 0.9.into()), semantics);
    assert_eq!(layer_codes("quality.json", |json| json["neighbour_search"] = "cells".into()), semantics);
    assert_eq!(layer_codes("quality.json", |json| json["summaries"]["rejected"] = 1.into()), prose);
    assert_eq!(layer_codes("quality.json", |json| json["languages"][0]["error_nodes"] = 2.into()), facts);
    assert_eq!(layer_codes("layout.json", |json| json["symbols"][0]["x"] = 0.25.into()), semantics);
    assert_eq!(layer_codes("clusters.json", |json| json["clusters"][0]["label"] = "x".into()), semantics);
    assert_eq!(layer_codes("overviews.json", |json| json["architecture"]["text"] = "x".into()), prose);
    assert_eq!(layer_codes("source_map.json", |json| json["skipped"] = json!([])), facts);
    assert_eq!(layer_codes("bodies.json", |json| json["bodies"][0]["steps"][0]["text"] = "x".into()), facts);
    assert_eq!(layer_codes("insights.json", |json| json["families"][0]["title"] = "x".into()), facts);
    assert_eq!(layer_codes("insights.json", |json| json["words"][0]["sentence"] = "x".into()), prose);
    assert_eq!(layer_codes("tour.json", |json| json["flows"][0]["title"] = "x".into()), facts);
}

/// The weight of the one edge of kind `related`.
fn related(graph: &mut Value) -> &mut Value {
    let edges = graph["edges"].as_array_mut().unwrap();
    &mut edges.iter_mut().find(|edge| edge["kind"] == "related").unwrap()["weight"]
}

#[test]
fn row_54_ids_dangle_repeat_or_do_not_follow() {
    let stranger = "sym_00000000000000000000000000000000";
    assert_eq!(
        codes("nodes.json", |json| json["symbols"][0]["name"] = "other".into()),
        Vec::<&str>::new(),
        "the name alone is in no id"
    );
    assert_eq!(
        codes("nodes.json", |json| json["symbols"][0]["qualified_name"] = "other".into()),
        ["symbol_id_mismatch"]
    );
    assert_eq!(
        codes("nodes.json", |json| json["symbols"][0]["id"] = stranger.into()),
        ["symbol_id_mismatch", "dangling_symbol"]
    );
    let twice = |json: &mut Value| {
        let first = json["symbols"][0].clone();
        json["symbols"].as_array_mut().unwrap().insert(0, first);
    };
    assert!(codes("nodes.json", twice).contains(&"duplicate_id"));
    assert_eq!(codes("nodes.json", |json| json["symbols"].as_array_mut().unwrap().reverse()), ["not_sorted"]);
    assert_eq!(
        codes("nodes.json", |json| json["symbols"][0]["file_path"] = "x.rs".into())[0],
        "symbol_id_mismatch"
    );
    assert!(
        codes("nodes.json", |json| json["symbols"][0]["file_path"] = "x.rs".into())
            .contains(&"dangling_file")
    );
    assert_eq!(
        codes("nodes.json", |json| json["symbols"][0]["cluster_id"] =
            "c_00000000000000000000000000000000".into()),
        ["dangling_cluster", "cluster_members_mismatch"]
    );
    assert_eq!(
        codes("nodes.json", |json| json["symbols"][0]["parent"] = stranger.into()),
        ["dangling_symbol"]
    );
    assert_eq!(codes("graph.json", |json| json["edges"][4]["target"] = stranger.into())[0], "not_sorted");
    assert_eq!(
        codes("graph.json", |json| json["ambiguous"][0]["candidates"][0]["id"] = stranger.into()),
        ["dangling_symbol"]
    );
    assert_eq!(
        codes("graph.json", |json| json["unresolved"][0]["source"] = stranger.into()),
        ["dangling_symbol"]
    );
    assert_eq!(codes("layout.json", |json| json["symbols"][0]["id"] = stranger.into()), ["dangling_symbol"]);
    assert_eq!(
        codes("source_map.json", |json| json["files"][0]["chunks"][0]["symbol_ids"] = json!([stranger])),
        ["dangling_symbol"]
    );
}

#[test]
fn row_54_parents_in_a_circle() {
    let circle = |json: &mut Value| {
        let symbols = json["symbols"].as_array_mut().unwrap();
        let ids: Vec<Value> = symbols.iter().map(|symbol| symbol["id"].clone()).collect();
        for (at, symbol) in symbols.iter_mut().enumerate() {
            symbol["parent"] = ids[(at + 1) % ids.len()].clone();
        }
    };
    assert_eq!(codes("nodes.json", circle), ["parent_cycle"]);
    assert_eq!(
        codes("nodes.json", |json| json["symbols"][2]["parent"] = json["symbols"][2]["id"].clone()),
        ["parent_cycle"]
    );
}

#[test]
fn row_54_edges_to_self_twice_or_out_of_range() {
    let own = |json: &mut Value| {
        let edges = json["edges"].as_array_mut().unwrap();
        let contains = edges.iter_mut().find(|edge| edge["kind"] == "contains").unwrap();
        contains["target"] = contains["source"].clone();
    };
    assert!(codes("graph.json", own).contains(&"edge_to_self"));
    let twice = |json: &mut Value| {
        let first = json["edges"][0].clone();
        json["edges"].as_array_mut().unwrap().insert(0, first);
    };
    assert_eq!(codes("graph.json", twice), ["statistics_mismatch", "duplicate_id"]);
    for confidence in [0.79, 1.01, -1.0] {
        let edit = |json: &mut Value| {
            let edges = json["edges"].as_array_mut().unwrap();
            edges.iter_mut().find(|edge| edge["kind"] == "contains").unwrap()["confidence"] =
                confidence.into();
        };
        assert_eq!(codes("graph.json", edit), ["value_out_of_range"], "{confidence}");
    }
    assert_eq!(codes("graph.json", |json| *related(json) = 1.5.into()), ["value_out_of_range"]);
    assert_eq!(
        codes("graph.json", |json| json["edges"][0]["evidence"] = "a hunch".into()),
        ["json_malformed"]
    );
    assert_eq!(
        codes("graph.json", |json| json["unresolved"][0]["reason"] = "hunch".into()),
        ["word_unknown"]
    );
}

#[test]
fn ranges_stay_inside_their_file() {
    let of_struct = |field: &str, start: u32, end: u32| {
        codes("nodes.json", |json| {
            let symbols = json["symbols"].as_array_mut().unwrap();
            let header = symbols.iter_mut().find(|symbol| symbol["kind"] == "struct").unwrap();
            header[field] = json!({ "start": start, "end": end });
        })
    };
    assert_eq!(of_struct("byte_range", 20, 400), Vec::<&str>::new());
    assert_eq!(of_struct("byte_range", 20, 401), ["range_outside_file"]);
    assert_eq!(of_struct("byte_range", 20, 19), ["range_outside_file"]);
    assert_eq!(of_struct("line_range", 0, 1), ["range_outside_file"]);
    assert_eq!(of_struct("line_range", 2, 1), ["range_outside_file"]);
    assert_eq!(of_struct("line_range", 1, 21), ["range_outside_file"]);
    let chunk =
        |json: &mut Value| json["files"][0]["chunks"][2]["byte_range"] = json!({ "start": 300, "end": 401 });
    assert_eq!(codes("source_map.json", chunk), ["range_outside_file"]);
    for line in [0, 21] {
        let gap = |json: &mut Value| json["files"][0]["gaps"][0]["line"] = json!(line);
        assert_eq!(codes("source_map.json", gap), ["range_outside_file"], "{line}");
    }
}

#[test]
fn chunks_and_clusters_follow_from_what_they_hold() {
    let text = "0".repeat(64);
    assert_eq!(
        codes("source_map.json", |json| json["files"][0]["chunks"][0]["sha256"] = text.into()),
        ["chunk_id_mismatch"]
    );
    assert_eq!(
        codes("source_map.json", |json| json["files"][0]["chunks"][0]["sha256"] = "zz".into()),
        ["digest_malformed"]
    );
    let drop_chunk = |json: &mut Value| drop(json["files"][0]["chunks"].as_array_mut().unwrap().pop());
    assert_eq!(codes("source_map.json", drop_chunk), ["vectors_malformed"]);
    let only_embeddings = Contents { vectors: None, ..small() };
    assert_eq!(
        codes_of(&only_embeddings, "source_map.json", drop_chunk),
        ["statistics_mismatch", "dangling_chunk"]
    );
    let drop_member = |json: &mut Value| drop(json["clusters"][0]["members"].as_array_mut().unwrap().pop());
    assert_eq!(codes("clusters.json", drop_member), ["cluster_id_mismatch", "cluster_members_mismatch"]);
    assert_eq!(
        codes("clusters.json", |json| json["clusters"][0]["member_count"] = 9.into()),
        ["cluster_members_mismatch"]
    );
}

#[test]
fn manifest_states_what_is_there() {
    let code = |edit: fn(&mut Value)| codes("manifest.json", edit);
    assert_eq!(code(|json| json["statistics"]["edge_count"] = 6.into()), ["statistics_mismatch"]);
    assert_eq!(code(|json| json["optional"]["has_history"] = true.into()), ["optional_mismatch"]);
    assert_eq!(
        code(|json| drop(json.as_object_mut().unwrap().remove("embedding_model"))),
        ["optional_mismatch"]
    );
    assert_eq!(code(|json| json["created_at"] = "yesterday".into()), ["created_at_malformed"]);
    assert_eq!(code(|json| json["created_at"] = "2024-13-01T00:00:00Z".into()), ["created_at_malformed"]);
    assert_eq!(code(|json| json["checksum"]["algorithm"] = "md5".into()), ["checksum_mismatch"]);
    assert_eq!(code(|json| json["entries"].as_array_mut().unwrap().reverse()), ["entry_order"]);
    let mut unpacked = Unpacked::of(&pack(&small()).0);
    unpacked.edit("manifest.json", |json| json["source"]["dirty"] = true.into());
    let violations = verify(unpacked.pack().as_slice(), &ReadLimits::default());
    assert_eq!(violations.iter().map(|found| found.code).collect::<Vec<_>>(), ["docpack_id_mismatch"]);
}

#[test]
fn entries_keep_their_order_and_their_form() {
    let mut unpacked = Unpacked::of(&pack(&small()).0);
    unpacked.entries.swap(1, 2);
    unpacked.seal();
    let violations = verify(unpacked.pack().as_slice(), &ReadLimits::default());
    assert_eq!(violations.iter().map(|found| found.code).collect::<Vec<_>>(), ["entry_order", "entry_order"]);
    let mut unpacked = Unpacked::of(&pack(&small()).0);
    unpacked.bytes("clusters.json").insert(1, b' ');
    unpacked.seal();
    let violations = verify(unpacked.pack().as_slice(), &ReadLimits::default());
    assert!(violations.iter().any(|found| found.code == "entry_not_canonical"), "{violations:?}");
}

/// The code of a change that breaks one rule and no other.
fn only_code(entry: &str, edit: impl FnOnce(&mut Value)) -> &'static str {
    let codes = codes(entry, edit);
    assert_eq!(codes.len(), 1, "{codes:?}");
    codes[0]
}

#[test]
fn every_symbol_and_cluster_has_one_position() {
    let emptied = |list: &'static str| only_code("layout.json", move |json| json[list] = json!([]));
    assert_eq!((emptied("symbols"), emptied("clusters")), ("positions_mismatch", "positions_mismatch"));
    let repeated = |json: &mut Value| json["symbols"][1] = json["symbols"][0].clone();
    assert_eq!(only_code("layout.json", repeated), "positions_mismatch");
}

#[test]
fn measures_of_the_graph_are_possible_ones() {
    for (field, values) in [("density", [1e300, -5.0, 1.01]), ("modularity", [1e300, -5.0, 1.01])] {
        for value in values {
            let edit = |json: &mut Value| json["metrics"][field] = value.into();
            assert_eq!(only_code("graph.json", edit), "value_out_of_range", "{field} {value}");
        }
    }
}

#[test]
fn a_size_that_json_readers_round_is_refused() {
    let codes_of = |size: &str| {
        let mut unpacked = Unpacked::of(&pack(&small()).0);
        let text = String::from_utf8(unpacked.bytes("source_map.json").clone()).unwrap();
        // As text: our own writer refuses the number.
        *unpacked.bytes("source_map.json") =
            text.replacen("\"bytes\":400", &format!("\"bytes\":{size}"), 1).into_bytes();
        unpacked.seal();
        let violations = verify(unpacked.pack().as_slice(), &ReadLimits::default());
        violations.into_iter().map(|found| found.code).collect::<Vec<_>>()
    };
    assert_eq!(codes_of("9007199254740991"), ["facts_digest_mismatch", "source_mismatch"]);
    let too_large = ["facts_digest_mismatch", "value_out_of_range", "source_mismatch"];
    assert_eq!(codes_of("9007199254740993"), too_large);
}

#[test]
fn quality_is_counted_again() {
    assert_eq!(only_code("quality.json", |json| json["languages"] = json!([])), "quality_mismatch");
    assert_eq!(
        only_code("quality.json", |json| json["confidence_histogram"] = json!([])),
        "quality_mismatch"
    );
    assert_eq!(
        only_code("quality.json", |json| json["languages"][0]["files"] = 2.into()),
        "quality_mismatch"
    );
}

#[test]
fn contains_edges_form_a_forest() {
    let contains = |json: &Value| -> Vec<usize> {
        let edges = json["edges"].as_array().unwrap();
        (0..edges.len()).filter(|at| edges[*at]["kind"] == "contains").collect()
    };
    // From module to two symbols; now from one of them to the other, and back.
    let circle = |json: &mut Value| {
        let at = contains(json);
        let (one, other) = (json["edges"][at[0]]["target"].clone(), json["edges"][at[1]]["target"].clone());
        for (at, (source, target)) in at.iter().zip([(one.clone(), other.clone()), (other, one)]) {
            json["edges"][*at]["source"] = source;
            json["edges"][*at]["target"] = target;
        }
    };
    assert!(codes("graph.json", circle).contains(&"contains_cycle"));
    let twice = |json: &mut Value| {
        let at = contains(json);
        let target = json["edges"][at[0]]["target"].clone();
        json["edges"][at[1]]["source"] = target.clone();
        json["edges"][at[1]]["target"] = json["edges"][at[2]]["target"].clone();
    };
    assert!(codes("graph.json", twice).contains(&"contained_twice"));
}

#[test]
fn paths_and_labels_hold_no_control_characters() {
    let label = |json: &mut Value| json["clusters"][0]["label"] = "\u{1b}[2J".into();
    assert_eq!(only_code("clusters.json", label), "control_character");
    let path = |json: &mut Value| json["files"][0]["file_path"] = "a\u{9b}.rs".into();
    assert!(codes("source_map.json", path).contains(&"control_character"));
}

#[test]
fn vectors_of_a_normalised_model_have_length_one() {
    for number in [0.0_f32, 3e38, 2.0, 0.01] {
        let mut unpacked = Unpacked::of(&pack(&small()).0);
        let bytes = unpacked.bytes("embeddings.bin");
        bytes[8..12].copy_from_slice(&number.to_le_bytes());
        bytes[12..20].fill(0);
        unpacked.seal();
        let violations = verify(unpacked.pack().as_slice(), &ReadLimits::default());
        assert!(violations.iter().any(|found| found.code == "value_out_of_range"), "{number}");
    }
}

#[test]
fn bytes_of_vectors_are_scaled_by_their_largest_and_have_length_one() {
    let changes: [fn(&mut Vec<u8>); 3] = [
        // The scale of a row three times as large, and a row of which no number is the largest.
        |bytes| bytes[8..12].copy_from_slice(&0.1_f32.to_le_bytes()),
        |bytes| bytes[20..23].copy_from_slice(&[126, 0, 0]),
        |bytes| bytes[8..12].fill(0),
    ];
    for change in changes {
        let mut unpacked = Unpacked::of(&pack(&small()).0);
        change(unpacked.bytes("vectors.bin"));
        unpacked.seal();
        let violations = verify(unpacked.pack().as_slice(), &ReadLimits::default());
        assert!(violations.iter().any(|found| found.code == "value_out_of_range"), "{violations:?}");
        assert!(violations.iter().any(|found| found.code == "semantics_digest_mismatch"), "{violations:?}");
    }
}

#[test]
fn everything_that_the_tour_cites_is_there() {
    let cited = |edit: fn(&mut Value)| codes("tour.json", edit);
    assert_eq!(cited(|_| {}), Vec::<&str>::new());
    let other = "sym_00000000000000000000000000000000";
    assert_eq!(codes("tour.json", |json| json["flows"][0]["symbol_id"] = other.into()), ["dangling_symbol"]);
    assert_eq!(
        codes("tour.json", |json| {
            let evidence = &mut json["sections"][0]["items"][1]["evidence"][0];
            let source = evidence["symbol_id"].clone();
            evidence["target_id"] = source;
        }),
        ["dangling_symbol"]
    );
    assert_eq!(
        cited(|json| json["sections"][0]["items"][1]["evidence"][1]["file_path"] = "sr".into()),
        ["dangling_file"]
    );
    assert_eq!(
        cited(|json| json["sections"][0]["items"][0]["quote"]["file_path"] = "NEWS.md".into()),
        ["dangling_file"]
    );
    assert_eq!(cited(|json| json["flows"][0]["steps"][0]["line"] = 21.into()), ["range_outside_file"]);
    let without = |json: &mut Value| {
        json["sections"][0]["items"][1].as_object_mut().unwrap().remove("evidence");
    };
    assert_eq!(codes("tour.json", without), ["value_out_of_range"]);
}

#[test]
fn everything_that_the_insights_state_is_there() {
    let stated = |edit: fn(&mut Value)| codes("insights.json", edit);
    assert_eq!(stated(|_| {}), Vec::<&str>::new());
    let claim = |json: &mut Value| std::mem::take(&mut json["families"][1]["groups"][0]["claims"][0]);
    assert_eq!(stated(|json| json["words"][0]["claims"][0] = "risks.complex.2".into()), ["dangling_claim"]);
    assert_eq!(
        codes("insights.json", |json| {
            let mut edited = claim(json);
            edited["value"] = 4.into();
            json["families"][1]["groups"][0]["claims"][0] = edited;
        }),
        ["insight_mismatch"]
    );
    assert_eq!(
        stated(|json| json["families"][1]["groups"][0]["measure"]["fact"] = "nodes.unknown".into()),
        ["insight_mismatch"]
    );
    assert_eq!(
        stated(|json| json["families"][0]["groups"][0]["claims"][0]["quote"]["file_path"] = "NEWS.md".into()),
        ["dangling_file"]
    );
    assert_eq!(
        codes("insights.json", |json| {
            let edited = claim(json);
            json["families"][1]["groups"][0]["claims"] = json!([edited, edited]);
        }),
        ["duplicate_id"]
    );
}

#[test]
fn texts_are_compared_with_their_files() {
    let code_of = |change: fn(&mut Unpacked)| {
        let mut unpacked = Unpacked::of(&pack(&small()).0);
        change(&mut unpacked);
        unpacked.seal();
        let violations = verify(unpacked.pack().as_slice(), &ReadLimits::default());
        violations.into_iter().map(|found| found.code).collect::<Vec<_>>()
    };
    // The README stands first, without redactions.
    assert_eq!(code_of(|pack| pack.bytes("source/0000.txt")[0] = b'*'), ["source_mismatch"]);
    // Byte 6 of the file behind it is the first of the secret.
    assert_eq!(code_of(|pack| pack.bytes("source/0000.txt")[23 + 6] = b'x'), ["source_mismatch"]);
    let other_path = |pack: &mut Unpacked| {
        pack.edit("source_index.json", |json| json["files"][0]["file_path"] = "README.rst".into());
    };
    assert_eq!(code_of(other_path), ["dangling_file"]);
    let second_part = |pack: &mut Unpacked| {
        let at = pack.entries.iter().position(|(path, _)| path == "source/0000.txt").unwrap();
        let second = pack.entries[at].1.split_off(23);
        pack.entries.insert(at + 1, ("source/0001.txt".to_owned(), second));
        pack.edit("source_index.json", |json| {
            json["files"][1]["part"] = 1.into();
            json["files"][1]["offset"] = 0.into();
        });
    };
    assert_eq!(code_of(second_part), ["source_mismatch"]);
}

#[test]
fn source_text_is_in_no_layer() {
    let with = pack(&small()).1.manifest;
    let mut contents = small();
    contents.source = None;
    let without = pack(&contents).1.manifest;
    assert_eq!(with.facts_digest, without.facts_digest);
    assert_eq!(with.semantics_digest, without.semantics_digest);
    assert_eq!(with.prose_digest, without.prose_digest);
    assert_ne!(with.docpack_id, without.docpack_id);
}

#[test]
fn sections_name_symbols_of_the_pack() {
    let named = |id: &str| {
        let ids = json!([id]);
        codes("source_map.json", |json| json["documents"][0]["sections"][0]["symbol_ids"] = ids)
    };
    let known = small().nodes.symbols[0].id.to_string();
    assert_eq!(named(&known), Vec::<&str>::new());
    assert_eq!(named("sym_00000000000000000000000000000000"), ["dangling_symbol"]);
}

#[test]
fn sections_lie_in_their_document() {
    let section = |field: &'static str, value: Value| {
        codes("source_map.json", |json| json["documents"][0]["sections"][0][field] = value)
    };
    assert_eq!(section("byte_range", json!({"start": 0, "end": 24})), ["range_outside_file"]);
    assert_eq!(section("byte_range", json!({"start": 9, "end": 8})), ["range_outside_file"]);
    assert_eq!(section("level", 0.into()), ["value_out_of_range"]);
    assert_eq!(section("line", 0.into()), ["value_out_of_range"]);
}

#[test]
fn members_that_nobody_knows_take_no_more_than_their_share_of_time() {
    // Each is a stream of its own in the digests: 50,000 took 5 s and 200,000 more than 100 s.
    let mut unpacked = Unpacked::of(&pack(&small()).0);
    unpacked.edit("overviews.json", |json| {
        for number in 0..200_000 {
            json[format!("x{number}")] = json!(0);
        }
    });
    unpacked.seal();
    let pack = unpacked.pack();
    let started = std::time::Instant::now();
    verify(pack.as_slice(), &ReadLimits::default());
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn bodies_are_of_symbols_in_order_and_within_limits() {
    let entry = "bodies.json";
    let of_first = |edit: fn(&mut Value)| codes(entry, |json| edit(&mut json["bodies"][0]));
    assert_eq!(of_first(|_| {}), Vec::<&str>::new());
    let stranger = |body: &mut Value| body["symbol_id"] = "sym_00000000000000000000000000000000".into();
    assert_eq!(of_first(stranger), ["dangling_symbol"]);
    assert_eq!(of_first(|body| body["steps"][0]["under"] = 1.into()), ["value_out_of_range"]);
    assert_eq!(of_first(|body| body["conditions"][0]["within"] = 0.into()), ["value_out_of_range"]);
    assert_eq!(of_first(|body| body["steps"][0]["text"] = "x".repeat(121).into()), ["value_out_of_range"]);
    assert_eq!(of_first(|body| body["steps"][0]["text"] = format!("{}…", "x".repeat(120)).into()), [""; 0]);
    let many = |body: &mut Value| body["steps"] = vec![body["steps"][2].clone(); 257].into();
    assert_eq!(of_first(many), ["value_out_of_range"]);
    let twice = |json: &mut Value| {
        let body = json["bodies"][0].clone();
        json["bodies"].as_array_mut().unwrap().push(body);
    };
    assert_eq!(codes(entry, twice), ["duplicate_id"]);
    let reversed = |json: &mut Value| json["bodies"].as_array_mut().unwrap().reverse();
    assert_eq!(codes_of(&numbered(7), entry, reversed), ["not_sorted"]);
    let without = |json: &mut Value| drop(json["optional"].as_object_mut().unwrap().remove("has_bodies"));
    assert_eq!(codes("manifest.json", without), ["optional_mismatch"]);
}
