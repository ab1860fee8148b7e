//! Names out of the text that declares types, or stands before what is declared.

/// `Foo` of `impl Foo<T>` and of `impl<T> fmt::Display for &Foo<T>`.
pub(crate) fn impl_target(name: &str) -> &str {
    let target = name.rsplit_once(" for ").map_or(name, |(_, target)| target);
    let target = target.strip_prefix("impl").map_or(target, |rest| match rest.strip_prefix('<') {
        Some(generic) => after_generics(generic),
        None => rest,
    });
    bare_type(target)
}

/// What follows the `>` that closes the list just opened.
fn after_generics(text: &str) -> &str {
    let mut depth = 1_u32;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        match character {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[at + 1..];
        }
        before = character;
    }
    text
}

/// A type's last name, without references, pointers, paths and generics.
pub(crate) fn bare_type(text: &str) -> &str {
    let text = text.trim().trim_start_matches(['&', '*', ' ']);
    let text = match text.strip_prefix('\'') {
        Some(lifetime) => lifetime.split_once(' ').map_or("", |(_, rest)| rest),
        None => text,
    };
    let text = text.strip_prefix("mut ").or_else(|| text.strip_prefix("dyn ")).unwrap_or(text);
    let text = text.split(['<', '[', '(', ' ']).next().unwrap_or_default();
    text.rsplit(['.', ':']).next().unwrap_or_default()
}

/// `get` of `self.client.get` and of `Client::get()`.
pub(crate) fn last_name(path: &str) -> &str {
    let path = path.trim_end_matches(|it: char| !it.is_alphanumeric() && it != '_');
    path.rsplit(|it: char| !it.is_alphanumeric() && it != '_' && it != '$').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impl_block_names_its_type() {
        for (name, target) in [
            ("impl Foo", "Foo"),
            ("impl<T: Into<U>, U> Foo<T>", "Foo"),
            ("impl fmt::Display for net::Foo<'_>", "Foo"),
            ("impl<T> From<T> for &mut Foo", "Foo"),
            ("Display for Foo", "Foo"),
            ("impl<F: Fn() -> T, T> Lazy<T, F>", "Lazy"),
            ("impl<'a, N> Walk for &'a mut Foo<N>", "Foo"),
            ("impl<", ""),
            ("", ""),
        ] {
            assert_eq!(impl_target(name), target, "{name}");
        }
        assert_eq!(bare_type("*Server[K, V]"), "Server");
    }

    #[test]
    fn the_last_name_of_a_path_is_what_is_called() {
        for (path, name) in [
            ("self.client.get", "get"),
            ("Client::get()", "get"),
            ("?.run", "run"),
            ("open().read", "read"),
            ("vec!", "vec"),
            ("", ""),
            ("[]()", ""),
        ] {
            assert_eq!(last_name(path), name, "{path}");
        }
    }
}
