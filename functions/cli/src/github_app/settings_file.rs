//! A file of settings, one `NAME=VALUE` a line, as systemd, Docker and shells read it.

/// Returns the name that a line sets; `None` for comments and anything else.
fn name_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, _) = line.split_once('=')?;
    let name = name.trim_end();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some(name)
}

/// Reports whether a text sets a name to something.
pub(super) fn has(text: &str, name: &str) -> bool {
    let of_name = |line: &&str| name_of(line) == Some(name);
    text.lines()
        .filter(of_name)
        .any(|line| line.split_once('=').is_some_and(|(_, value)| !value.trim().is_empty()))
}

/// Sets values in a text: in the place of those that it has, the others at its end. Every other line stays.
pub(super) fn with_values(text: &str, about: &str, values: &[(&str, &str)]) -> String {
    let is_replaced =
        |line: &&str| name_of(line).is_some_and(|name| values.iter().any(|(new, _)| *new == name));
    let mut lines: Vec<String> = text.lines().filter(|line| !is_replaced(line)).map(str::to_owned).collect();
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(format!("# {about}"));
    lines.extend(values.iter().map(|(name, value)| format!("{name}={value}")));
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_replaced_and_every_other_line_stays() {
        let before =
            "# mine\nDOCTOWN_HOME=/var/lib/doctown\nexport DOCTOWN_PUBLIC_URL=http://old\n\nA = b\n\n";
        let after = with_values(before, "an App", &[("DOCTOWN_PUBLIC_URL", "https://new"), ("A", "c")]);
        assert_eq!(
            after,
            "# mine\nDOCTOWN_HOME=/var/lib/doctown\n\n# an App\nDOCTOWN_PUBLIC_URL=https://new\nA=c\n"
        );
        assert_eq!(with_values("", "an App", &[("A", "c")]), "# an App\nA=c\n");
    }

    #[test]
    fn a_name_is_set_where_it_has_a_value_and_is_no_comment() {
        let text = "#A=1\nB=\nexport C=2\nD E=3\n";
        assert_eq!(["A", "B", "C", "E"].map(|name| has(text, name)), [false, false, true, false]);
    }
}
