//! Any text as a model's reply: no panic, and no answer that was not asked for or passes unchecked.

#![no_main]

use insight::check::check_module;
use insight::reply::{MAX_REPLY_BYTES, read};
use libfuzzer_sys::fuzz_target;
use model::context::{ModuleContext, RepositoryContext};

const HANDLES: [&str; 3] = ["s1", "s2", "s3"];

fuzz_target!(|text: &str| {
    let reply = read(text, &HANDLES);
    assert!(reply.answers.len() <= HANDLES.len());
    assert!(reply.answers.iter().all(|it| HANDLES.contains(&it.handle.as_str())));
    assert!(reply.answers.len() == HANDLES.len() || !reply.findings.is_empty());
    assert!(text.len() <= MAX_REPLY_BYTES || reply.answers.is_empty());
    let module = ModuleContext {
        path: "src".to_owned(),
        languages: Vec::new(),
        n_files: 1,
        n_symbols: 1,
        doc_comment: None,
        doc_file: None,
        readme_lead: None,
        central: Vec::new(),
        cluster_labels: Vec::new(),
        depends_on: Vec::new(),
        used_by: Vec::new(),
        n_functions: 1,
        n_types: 0,
    };
    for answer in &reply.answers {
        // The verdict does not matter here, only that there is one.
        let _ = check_module(&answer.answer, &module, &RepositoryContext::default());
    }
});
