//! What the chunker promises of any facts, well formed or not.

use docpack::{ByteRange, Digest, Language, LineRange, SymbolId, SymbolKind, Visibility};
use doctown_parse::chunk::{ChunkParams, MAX_HEADER_BYTES, MAX_SIGNATURE_BYTES, chunks};
use model::facts::{Chunk, FileFacts, Symbol, SymbolIdx};
use proptest::prelude::*;

fn facts(source: &[u8], symbols: Vec<Symbol>) -> FileFacts {
    FileFacts {
        file_path: "src/net/httpClient.rs".to_owned(),
        language: Language::Rust,
        size_bytes: source.len() as u64,
        sha256: Digest::of(source),
        role: model::role::FoundRole::default(),
        n_lines: 1,
        symbols,
        scopes: Vec::new(),
        bindings: Vec::new(),
        imports: Vec::new(),
        references: Vec::new(),
        exports: Vec::new(),
        n_error_nodes: 0,
        findings: Vec::new(),
        chunks: Vec::new(),
        flow: std::sync::Arc::default(),
    }
}

fn symbol(kind: SymbolKind, name: &str, range: std::ops::Range<usize>) -> Symbol {
    let byte_range = ByteRange { start: range.start as u32, end: range.end as u32 };
    Symbol {
        id: SymbolId([0; 16]),
        name: name.to_owned(),
        qualified_name: format!("net::{name}"),
        kind,
        byte_range,
        line_range: LineRange { start: 1, end: 1 },
        body_range: kind.is_callable().then_some(byte_range),
        signature: format!("fn {name}()"),
        parameters: Vec::new(),
        return_type: None,
        generics: Vec::new(),
        modifiers: Vec::new(),
        visibility: Visibility::Public,
        exported: true,
        bases: Vec::new(),
        implements: Vec::new(),
        doc_comment: None,
        attributes: Vec::new(),
        parent: Some(0),
        scope: None,
        complexity: None,
        split_points: Vec::new(),
        body_digest: None,
        role: None,
        body: None,
    }
}

/// A function of `n_lines` numbered statements and the facts a parse would give.
fn long_function(n_lines: usize) -> (String, FileFacts) {
    let mut source = "fn long() {\n".to_owned();
    let mut split_points = Vec::new();
    for line in 0..n_lines {
        source.push_str("    ");
        split_points.push(source.len() as u32);
        source.push_str(&format!("step(\n        {line:04},\n    );\n"));
    }
    source.push('}');
    let mut long = symbol(SymbolKind::Function, "long", 0..source.len());
    long.split_points = split_points;
    let module = symbol(SymbolKind::Module, "httpClient", 0..source.len());
    let facts = facts(source.as_bytes(), vec![module, long]);
    (source, facts)
}

fn covers(chunks: &[&Chunk], range: ByteRange) -> bool {
    let mut upto = range.start;
    for chunk in chunks {
        if chunk.byte_range.start > upto {
            return false;
        }
        upto = upto.max(chunk.byte_range.end);
    }
    upto >= range.end
}

#[test]
fn long_callables_split_at_statements_and_overlap() {
    let (source, facts) = long_function(300);
    let parts = chunks(source.as_bytes(), &facts, &ChunkParams::STANDARD);
    assert!(parts.len() > 1);
    for (before, after) in parts.iter().zip(&parts[1..]) {
        assert!(after.byte_range.start < before.byte_range.end, "the parts overlap");
        assert!(before.byte_range.end - after.byte_range.start <= ChunkParams::STANDARD.overlap_bytes);
        assert!(
            source[after.byte_range.start as usize..].starts_with("step("),
            "a part starts with a statement"
        );
        assert!(
            source[before.byte_range.end as usize..].starts_with("step("),
            "a part ends before a statement"
        );
        assert!(after.text.contains("\nfn long()\nstep("), "a later part repeats the signature");
    }
    for line in 0..300 {
        let statement = format!("step({line:04},);");
        let is_whole = |part: &Chunk| part.text.split_whitespace().collect::<String>().contains(&statement);
        assert!(parts.iter().any(is_whole), "{line} is whole in a part");
    }
}

#[test]
fn functions_of_one_chunk_are_not_split() {
    let (source, facts) = long_function(100);
    let parts = chunks(source.as_bytes(), &facts, &ChunkParams::STANDARD);
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].byte_range, facts.symbols[1].byte_range);
}

#[test]
fn files_without_symbols_are_one_chunk_and_empty_ones_none() {
    let module =
        |source: &str| facts(source.as_bytes(), vec![symbol(SymbolKind::Module, "m", 0..source.len())]);
    let source = "# only\nprint('this')\n";
    let whole = chunks(source.as_bytes(), &module(source), &ChunkParams::STANDARD);
    assert_eq!(whole.len(), 1);
    assert_eq!(whole[0].line_range, LineRange { start: 1, end: 2 });
    for empty in ["", " \n\t\n"] {
        assert_eq!(chunks(empty.as_bytes(), &module(empty), &ChunkParams::STANDARD), Vec::new());
    }
}

#[test]
fn data_tables_are_cut_off() {
    let source = format!("const TABLE: &[u8] = &[{}];", "17,\n".repeat(20_000));
    let table = symbol(SymbolKind::Constant, "TABLE", 0..source.len());
    let facts = facts(source.as_bytes(), vec![symbol(SymbolKind::Module, "m", 0..source.len()), table]);
    let parts = chunks(source.as_bytes(), &facts, &ChunkParams::STANDARD);
    assert_eq!(parts.len(), ChunkParams::STANDARD.max_data_parts);
}

#[test]
fn equal_texts_in_one_file_have_different_ids() {
    let source = "fn a() {}\nfn a() {}\n";
    let symbols = vec![
        symbol(SymbolKind::Module, "m", 0..source.len()),
        symbol(SymbolKind::Function, "a", 0..9),
        symbol(SymbolKind::Function, "a", 10..19),
    ];
    let chunks = chunks(source.as_bytes(), &facts(source.as_bytes(), symbols), &ChunkParams::STANDARD);
    assert_eq!(chunks.len(), 2);
    assert_eq!(chunks[0].text_sha256, chunks[1].text_sha256);
    assert_ne!(chunks[0].chunk_id, chunks[1].chunk_id);
}

/// Prints chunks with the names they stand for.
fn printed(file_path: &str, source: &str) -> String {
    let facts = crate::languages::read(file_path, source);
    let mut out = String::new();
    for chunk in chunks(source.as_bytes(), &facts, &ChunkParams::STANDARD) {
        let names: Vec<&str> =
            chunk.symbols.iter().map(|idx| facts.symbols[*idx as usize].name.as_str()).collect();
        let lines = chunk.line_range;
        out.push_str(&format!("== {}-{} for {}\n{}\n", lines.start, lines.end, names.join(", "), chunk.text));
    }
    out
}

#[test]
fn chunks_of_rust() {
    insta::assert_snapshot!(printed(
        "crates/my-net/src/server.rs",
        include_str!("languages/rust/items.rs.fixture")
    ));
}

#[test]
fn chunks_of_typescript() {
    insta::assert_snapshot!(printed(
        "src/net/client.ts",
        include_str!("languages/typescript/declarations.ts.fixture")
    ));
}

#[test]
fn chunks_of_go() {
    insta::assert_snapshot!(printed("store/cache.go", include_str!("languages/go/declarations.go.fixture")));
}

#[test]
fn chunks_of_python() {
    let source = "\"\"\"Talks to servers.\"\"\"\n\nimport os\nfrom a import (\n    b,\n    c,\n)\n\nLIMIT = 3\n\n\ndef run(x):\n    \"\"\"Runs.\"\"\"\n    # Inner.\n    def inner():\n        return x\n    return inner\n\n\nif __name__ == \"__main__\":\n    run(LIMIT)\n";
    insta::assert_snapshot!(printed("pkg/app.py", source));
}

fn any_kind() -> impl Strategy<Value = SymbolKind> {
    proptest::sample::select(SymbolKind::ALL)
}

prop_compose! {
    /// Ranges as a broken parse might give them: past the end, backwards, within characters, half overlapping.
    fn any_symbol()(kind in any_kind(), start in 0..9_000usize, len in 0..6_000usize, points in prop::collection::vec(0..9_000u32, 0..8), documented: bool) -> Symbol {
        let mut symbol = symbol(kind, "ünïque", start..start + len);
        symbol.split_points = points;
        symbol.split_points.sort_unstable();
        symbol.doc_comment = documented.then(|| "Says what it is.".to_owned());
        symbol
    }
}

prop_compose! {
    fn any_source()(lines in prop::collection::vec("[a-zé€𝄞/*# \t(){};]{0,60}", 0..300), torn in prop::collection::vec((any::<usize>(), any::<u8>()), 0..6)) -> Vec<u8> {
        let mut bytes = lines.join("\n").into_bytes();
        for (at, byte) in torn {
            let at = at % bytes.len().max(1);
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
        bytes
    }
}

proptest! {
    #[test]
    fn any_facts_give_bounded_chunks_within_the_file(source in any_source(), symbols in prop::collection::vec(any_symbol(), 0..40), max in 0..6_000u32, overlap in 0..6_000u32) {
        let params = ChunkParams { max_chunk_bytes: max, overlap_bytes: overlap, ..ChunkParams::STANDARD };
        let mut all = vec![symbol(SymbolKind::Module, "m", 0..source.len())];
        all.extend(symbols);
        let facts = facts(&source, all);
        let chunks = chunks(&source, &facts, &params);
        // Replacement characters are three bytes for one; marks are at most a short name for one byte of source.
        let longest = 3 * max.max(256) as usize + MAX_HEADER_BYTES + MAX_SIGNATURE_BYTES + 200;
        for chunk in &chunks {
            prop_assert!(chunk.byte_range.start < chunk.byte_range.end);
            prop_assert!(chunk.byte_range.end as usize <= source.len());
            prop_assert!(chunk.text.len() <= longest, "{} > {longest}", chunk.text.len());
            prop_assert_eq!(Digest::of(chunk.text.as_bytes()), chunk.text_sha256);
            prop_assert!(chunk.symbols.iter().all(|symbol| (*symbol as usize) < facts.symbols.len()));
            if let Ok(text) = std::str::from_utf8(&source) {
                prop_assert!(text.is_char_boundary(chunk.byte_range.start as usize));
                prop_assert!(text.is_char_boundary(chunk.byte_range.end as usize));
            }
        }
        prop_assert!(chunks.windows(2).all(|pair| pair[0].byte_range.start <= pair[1].byte_range.start));
        prop_assert_eq!(&chunks, &doctown_parse::chunk::chunks(&source, &facts, &params));
    }

    /// Every callable is covered by its own chunks; what is nested in it and left out has chunks too.
    #[test]
    fn every_byte_of_every_callable_is_in_its_chunks(lines in prop::collection::vec("[a-zé€𝄞(){};]{1,60}", 1..300), cuts in prop::collection::vec(0..9_000usize, 2..20), max in 300..5_000u32) {
        let params = ChunkParams { max_chunk_bytes: max, ..ChunkParams::STANDARD };
        let text = lines.join("\n");
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| text.floor_char_boundary(cut)).collect();
        cuts.sort_unstable();
        let mut symbols = vec![symbol(SymbolKind::Module, "m", 0..text.len())];
        // The outermost pair first: functions within functions.
        for (start, end) in cuts.iter().zip(cuts.iter().rev()).take_while(|(start, end)| start < end) {
            symbols.push(symbol(SymbolKind::Function, "f", *start..*end));
        }
        let facts = facts(text.as_bytes(), symbols);
        let chunks = chunks(text.as_bytes(), &facts, &params);
        for (idx, callable) in facts.symbols.iter().enumerate().skip(1).filter(|(_, callable)| callable.byte_range.len() > 1) {
            let own: Vec<&Chunk> = chunks.iter().filter(|chunk| chunk.symbols.first() == Some(&(idx as SymbolIdx))).collect();
            let ranges: Vec<ByteRange> = own.iter().map(|chunk| chunk.byte_range).collect();
            prop_assert!(covers(&own, callable.byte_range), "{:?} by {ranges:?}", callable.byte_range);
        }
    }
}
