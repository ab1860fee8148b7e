//! A tour as text.

use crate::repository::server;

#[test]
fn lines_fit_the_terminal() {
    let mut it = server();
    it.document("README.md", &format!("# app\n\nApp answers {}.\n", "many requests of people ".repeat(10)));
    let text = doctown_tour::plain(&it.tour(), 60);
    assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
    assert!(text.starts_with("What it is\n=========="), "{text}");
    assert!(text.contains("src/app.py:13  calls `serve`"), "{text}");
}

#[test]
fn markdown_shows_foreign_markup_as_text() {
    let mut it = server();
    it.document("README.md", "# app\n\nApp & <Friends> answer `List<T>` to a_b from here.\n");
    let text = doctown_tour::markdown(&it.tour());
    assert!(text.contains("App &amp; &lt;Friends&gt; answer `List<T>` to a\\_b from here."), "{text}");
    assert!(text.contains("```mermaid\nsequenceDiagram\n"), "{text}");
}
