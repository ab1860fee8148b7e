//! Names from foreign code cannot change what a diagram means.

use docpack::SymbolKind;

use crate::repository::server;

#[test]
fn names_are_labels_and_nothing_else() {
    let mut it = server();
    for (name, evil) in
        [("serve", "x\"]; click a \"javascript:alert(1)\""), ("handle", "end"), ("load", "%%{init: {}}%%\n")]
    {
        let id = it.nodes.symbols.iter().find(|it| it.name == name).unwrap().id;
        it.edit(id).name = evil.to_owned();
    }
    let tour = it.tour();
    let diagram = tour.flows.iter().find_map(|flow| flow.diagram.clone()).unwrap();
    assert!(diagram.starts_with("sequenceDiagram\n"), "{diagram}");
    for line in diagram.lines().skip(1).map(str::trim) {
        let is_known = line.starts_with("participant a") || line.starts_with('a');
        assert!(is_known && !line.contains(['"', '%', '{', '[', '<']) && !line.ends_with(": end"), "{line}");
        assert!(!line.replace("->>", "").contains('>'), "{line}");
    }
    // Every code of a character is whole, and `;` stands nowhere else.
    assert!(
        diagram.split('#').skip(1).all(|rest| rest.split(';').next().unwrap().parse::<u32>().is_ok()),
        "{diagram}"
    );
    assert_eq!(diagram.matches('#').count(), diagram.matches(';').count(), "{diagram}");
}

#[test]
fn types_are_drawn_with_their_members() {
    let mut it = server();
    let module = it.file("src/model.py");
    for (n, name) in ["Order", "Line"].into_iter().enumerate() {
        let class = it.symbol("src/model.py", name, SymbolKind::Class, 10 + 20 * n as u32, Some(module));
        it.symbol("src/model.py", "total", SymbolKind::Method, 12 + 20 * n as u32, Some(class));
        let main = it.nodes.symbols.iter().find(|it| it.name == "main").unwrap().id;
        it.calls(main, class, 14);
    }
    let tour = it.tour();
    let section = tour.sections.iter().find(|section| section.topic.as_str() == "types").unwrap();
    let diagram = section.diagram.as_deref().unwrap();
    assert!(diagram.contains("class c0[\"Order\"]\n  c0 : total()"), "{diagram}");
}
