//! Which packages come from elsewhere than the language itself.

use docpack::Language;

/// Tells whether a package is installed, not part of the language.
pub(crate) fn is_third_party(language: Language, package: &str) -> bool {
    if package.is_empty() || package.starts_with("go builtin") || package == "builtins" {
        return false;
    }
    match language {
        Language::Rust => {
            !matches!(first_part(package, "::"), "std" | "core" | "alloc" | "proc_macro" | "test")
        }
        // Packages of Go's own library have no domain as their first part.
        Language::Go => first_part(package, "/").contains('.'),
        Language::Python => PYTHON_LIBRARY.binary_search(&first_part(package, ".")).is_err(),
        Language::TypeScript | Language::JavaScript => {
            !package.starts_with("node:") && NODE_LIBRARY.binary_search(&first_part(package, "/")).is_err()
        }
    }
}

fn first_part<'a>(package: &'a str, separator: &str) -> &'a str {
    package.split(separator).next().unwrap_or(package)
}

/// `sys.stdlib_module_names` of Python 3.11 without what starts with an underscore; sorted.
#[rustfmt::skip]
const PYTHON_LIBRARY: &[&str] = &[
    "abc", "aifc", "antigravity", "argparse", "array", "ast", "asynchat", "asyncio", "asyncore", "atexit",
    "audioop", "base64", "bdb", "binascii", "bisect", "builtins", "bz2", "cProfile", "calendar", "cgi", "cgitb",
    "chunk", "cmath", "cmd", "code", "codecs", "codeop", "collections", "colorsys", "compileall", "concurrent",
    "configparser", "contextlib", "contextvars", "copy", "copyreg", "crypt", "csv", "ctypes", "curses",
    "dataclasses", "datetime", "dbm", "decimal", "difflib", "dis", "distutils", "doctest", "email", "encodings",
    "ensurepip", "enum", "errno", "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch", "fractions",
    "ftplib", "functools", "gc", "genericpath", "getopt", "getpass", "gettext", "glob", "graphlib", "grp", "gzip",
    "hashlib", "heapq", "hmac", "html", "http", "idlelib", "imaplib", "imghdr", "imp", "importlib", "inspect",
    "io", "ipaddress", "itertools", "json", "keyword", "lib2to3", "linecache", "locale", "logging", "lzma",
    "mailbox", "mailcap", "marshal", "math", "mimetypes", "mmap", "modulefinder", "msilib", "msvcrt",
    "multiprocessing", "netrc", "nis", "nntplib", "nt", "ntpath", "nturl2path", "numbers", "opcode", "operator",
    "optparse", "os", "ossaudiodev", "pathlib", "pdb", "pickle", "pickletools", "pipes", "pkgutil", "platform",
    "plistlib", "poplib", "posix", "posixpath", "pprint", "profile", "pstats", "pty", "pwd", "py_compile",
    "pyclbr", "pydoc", "pydoc_data", "pyexpat", "queue", "quopri", "random", "re", "readline", "reprlib",
    "resource", "rlcompleter", "runpy", "sched", "secrets", "select", "selectors", "shelve", "shlex", "shutil",
    "signal", "site", "smtpd", "smtplib", "sndhdr", "socket", "socketserver", "spwd", "sqlite3", "sre_compile",
    "sre_constants", "sre_parse", "ssl", "stat", "statistics", "string", "stringprep", "struct", "subprocess",
    "sunau", "symtable", "sys", "sysconfig", "syslog", "tabnanny", "tarfile", "telnetlib", "tempfile", "termios",
    "textwrap", "this", "threading", "time", "timeit", "tkinter", "token", "tokenize", "tomllib", "trace",
    "traceback", "tracemalloc", "tty", "turtle", "turtledemo", "types", "typing", "unicodedata", "unittest",
    "urllib", "uu", "uuid", "venv", "warnings", "wave", "weakref", "webbrowser", "winreg", "winsound", "wsgiref",
    "xdrlib", "xml", "xmlrpc", "zipapp", "zipfile", "zipimport", "zlib", "zoneinfo",
];

/// Modules of Node and global objects of the language; sorted.
#[rustfmt::skip]
const NODE_LIBRARY: &[&str] = &[
    "Array", "BigInt", "Boolean", "Buffer", "Date", "Error", "Function", "Intl", "JSON", "Map", "Math", "Number",
    "Object", "Promise", "Proxy", "Reflect", "RegExp", "Set", "String", "Symbol", "WeakMap", "WeakRef", "WeakSet",
    "assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram",
    "diagnostics_channel", "dns", "document", "domain", "ecmascript", "events", "fs", "global", "globalThis", "globals",
    "http", "http2", "https", "inspector", "javascript", "module", "net", "node", "os", "path", "perf_hooks", "process",
    "punycode", "querystring", "readline", "repl", "stream", "string_decoder", "sys", "timers", "tls", "trace_events",
    "tty", "url", "util", "v8", "vm", "wasi", "window", "worker_threads", "zlib",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_for_the_search() {
        assert!(PYTHON_LIBRARY.is_sorted());
        assert!(NODE_LIBRARY.is_sorted());
    }

    #[test]
    fn the_language_itself_is_no_third_party() {
        for (language, own, foreign) in [
            (Language::Rust, "std::collections", "serde"),
            (Language::Go, "net/http", "github.com/spf13/cobra"),
            (Language::Python, "os.path", "requests"),
            (Language::TypeScript, "node:fs", "@scope/react"),
            (Language::JavaScript, "fs/promises", "react"),
        ] {
            assert!(!is_third_party(language, own), "{own}");
            assert!(is_third_party(language, foreign), "{foreign}");
        }
    }
}
