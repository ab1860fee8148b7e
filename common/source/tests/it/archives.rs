//! Hostile, broken and odd archives: what is listed, and what refuses the whole.

use doctown_source::limits::SourceLimits;
use doctown_source::testserver::tar_gz;

use crate::support::{RawTar, archive_text, gzip, limits, zip};

fn tar_text(tar: RawTar) -> String {
    archive_text(&tar.finish(), false, &limits())
}

#[test]
fn names_that_leave_the_folder_are_listed_and_the_rest_is_read() {
    let tar = RawTar::default()
        .entry(b'0', b"ok.rs", b"fn a() {}")
        .entry(b'0', b"../evil.rs", b"x")
        .entry(b'0', b"a/../../evil.rs", b"x")
        .entry(b'0', b"/etc/passwd.rs", b"x")
        .entry(b'0', b"C:\\evil.rs", b"x")
        .entry(b'0', b"c:/evil.rs", b"x")
        .entry(b'0', b"a\\b.rs", b"x")
        .entry(b'0', b"./b//c.rs", b"fn c() {}");
    insta::assert_snapshot!(tar_text(tar), @r"
    ok.rs (9 bytes)
    ../evil.rs - unsupported_path
    a/../../evil.rs - unsupported_path
    /etc/passwd.rs - unsupported_path
    C:\\evil.rs - unsupported_path
    c:/evil.rs - unsupported_path
    a\\b.rs - unsupported_path
    b/c.rs (9 bytes)
    ");
}

#[test]
fn odd_names_are_escaped_without_loss() {
    let tar = RawTar::default()
        .entry(b'0', b"caf\xe9.rs", b"x")
        .entry(b'0', b"line\nbreak.rs", b"x")
        .entry(b'0', "caf\u{e9}.rs".as_bytes(), b"// NFC")
        .entry(b'0', "cafe\u{301}.rs".as_bytes(), b"// NFD")
        .entry(b'0', b"A.rs", b"// upper")
        .entry(b'0', b"a.rs", b"// lower");
    // The two spellings look alike; the second has its accent apart.
    insta::assert_snapshot!(tar_text(tar).replace('\u{301}', "<U+0301>"), @r"
    caf\xe9.rs - unsupported_path
    line\x0abreak.rs - unsupported_path
    café.rs (6 bytes)
    cafe<U+0301>.rs (6 bytes)
    A.rs (8 bytes)
    a.rs (8 bytes)
    ");
}

#[test]
fn long_and_deep_names_are_listed() {
    let long = "d/".repeat(2100) + "long.rs";
    let deep = "d/".repeat(64) + "deep.rs";
    let fits = "d/".repeat(63) + "fits.rs";
    let tar = RawTar::default()
        .pax("path", long.as_bytes())
        .entry(b'0', b"x", b"x")
        .pax("path", deep.as_bytes())
        .entry(b'0', b"x", b"x")
        .entry(b'L', b"././@LongLink", format!("{fits}\0").as_bytes())
        .entry(b'0', b"x", b"fits")
        .entry(b'0', b"top.rs", b"top");
    let text = tar_text(tar);
    let shown: Vec<&str> = text.lines().map(|line| line.trim_start_matches("d/")).collect();
    assert_eq!(&shown[1..], ["deep.rs - unsupported_path", "fits.rs (4 bytes)", "top.rs (3 bytes)"]);
    assert!(shown[0].ends_with(" - unsupported_path"));
}

#[test]
fn links_and_devices_are_listed_and_never_followed() {
    let tar = RawTar::default()
        .entry(b'2', b"out.rs", b"")
        .entry(b'1', b"hard.rs", b"")
        .entry(b'3', b"device.rs", b"")
        .entry(b'6', b"fifo.rs", b"")
        .entry(b'5', b"folder/", b"")
        .entry(b'0', b"folder/file.rs", b"fn f() {}");
    insta::assert_snapshot!(tar_text(tar), @r"
    out.rs - symlink
    hard.rs - special_file
    device.rs - special_file
    fifo.rs - special_file
    folder/file.rs (9 bytes)
    ");
}

#[test]
fn a_name_twice_refuses_the_archive() {
    let tar = RawTar::default().entry(b'0', b"a.rs", b"one").entry(b'0', b"./a.rs", b"two");
    insta::assert_snapshot!(tar_text(tar), @r"
    a.rs (3 bytes)
    archive_duplicate: archive holds `a.rs` twice
    ");
}

#[test]
fn headers_that_disagree_refuse_the_archive() {
    let tar = RawTar::default().pax("size", b"1024").entry(b'0', b"a.rs", b"x");
    insta::assert_snapshot!(tar_text(tar), @"archive_malformed: archive is malformed: an extended header and its entry disagree about the size");
    let tar = RawTar::default().pax("path", b"b.rs").pax("path", b"c.rs").entry(b'0', b"a.rs", b"x");
    insta::assert_snapshot!(tar_text(tar), @"archive_malformed: archive is malformed: two extended headers for one entry");
    let tar = RawTar::default().entry(b'g', b"global", b"15 path=../../x\n");
    insta::assert_snapshot!(tar_text(tar), @"archive_malformed: archive is malformed: broken extended header");
    let tar = RawTar::default().entry(b'g', b"global", b"16 path=../../x\n");
    insta::assert_snapshot!(tar_text(tar), @"archive_malformed: archive is malformed: a global header gives a path or a size");
    let tar = RawTar::default().pax("path", b"b.rs");
    insta::assert_snapshot!(tar_text(tar), @"archive_malformed: archive is malformed: it ends after an extended header");
    let tar = RawTar::default().entry(b'S', b"sparse.rs", b"");
    insta::assert_snapshot!(tar_text(tar), @"archive_malformed: archive is malformed: sparse files are not supported");
}

#[test]
fn long_extended_headers_are_not_read_into_memory() {
    let tar =
        RawTar::default().entry(b'L', b"././@LongLink", &vec![b'a'; 2 << 20]).entry(b'0', b"a.rs", b"x");
    insta::assert_snapshot!(tar_text(tar), @"archive_malformed: archive is malformed: an extended header is larger than 1 MiB");
}

#[test]
fn damage_refuses_the_archive() {
    let good = tar_gz("top", &[("a.rs", b"fn a() {}"), ("b.rs", b"fn b() {}")]);
    let code = |bytes: &[u8]| archive_text(bytes, false, &limits()).lines().last().unwrap_or("").to_owned();
    assert_eq!(code(&good), "b.rs (9 bytes)");
    for n in 0..good.len() {
        assert!(code(&good[..n]).starts_with("archive_malformed"), "cut at byte {n} of {}", good.len());
    }
    let trailing = [good.as_slice(), b"garbage"].concat();
    assert!(code(&trailing).starts_with("archive_malformed"));
    let mut wrong_crc = good.clone();
    let crc = wrong_crc.len() - 8;
    wrong_crc[crc] ^= 1;
    assert!(code(&wrong_crc).starts_with("archive_malformed"));
    assert!(code(b"not an archive").starts_with("archive_malformed"));
    let claims = RawTar::default().claiming(b'0', b"a.rs", 1 << 40, b"x");
    assert!(tar_text(claims).starts_with("archive_malformed"));
}

#[test]
fn damaged_zips_are_refused() {
    let good = zip("top/", &[("a.rs", b"fn a() {}"), ("b.rs", b"fn b() {}")]);
    let text = |bytes: &[u8]| archive_text(bytes, true, &limits());
    assert_eq!(text(&good), "a.rs (9 bytes)\nb.rs (9 bytes)\n");
    for n in 0..good.len() {
        assert!(text(&good[..n]).contains("archive_malformed"), "cut at byte {n} of {}", good.len());
    }
    // The stored text of `a.rs` follows its 30-byte header and its name.
    let mut wrong_crc = good;
    wrong_crc[30 + "top/a.rs".len() + 3] ^= 1;
    assert!(text(&wrong_crc).contains("archive_malformed"));
}

#[test]
fn zip_names_pass_the_same_door() {
    let files: &[(&str, &[u8])] = &[
        ("z.rs", b"fn z() {}"),
        ("../evil.rs", b"x"),
        ("/abs.rs", b"x"),
        ("a\\b.rs", b"x"),
        ("a.rs", b"fn a() {}"),
    ];
    insta::assert_snapshot!(archive_text(&zip("", files), true, &limits()), @r"
    ../evil.rs - unsupported_path
    /abs.rs - unsupported_path
    a.rs (9 bytes)
    a\\b.rs - unsupported_path
    z.rs (9 bytes)
    ");
}

#[test]
fn zip_links_are_listed() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.add_symlink("link.rs", "/etc/passwd", zip::write::SimpleFileOptions::default()).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    insta::assert_snapshot!(archive_text(&bytes, true, &limits()), @"link.rs - symlink");
}

#[test]
fn a_readme_that_is_a_link_in_an_archive_says_what_it_stands_for() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.add_symlink("a/README.md", "../demo/README.md", options).unwrap();
    zip.add_symlink("b/README.md", "../../outside.md", options).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    insta::assert_snapshot!(archive_text(&bytes, true, &limits()), @r"
    a/README.md - symlink
    a/README.md -> demo/README.md
    b/README.md - symlink
    ");
}

#[test]
fn a_zip_with_a_name_twice_is_refused() {
    let mut bytes = zip("", &[("a.rs", b"one"), ("b.rs", b"two")]);
    for i in 0..bytes.len() - 4 {
        if &bytes[i..i + 4] == b"b.rs" {
            bytes[i] = b'a';
        }
    }
    insta::assert_snapshot!(archive_text(&bytes, true, &limits()), @"archive_duplicate: archive holds a name twice");
    let spelled_twice = zip("", &[("a.rs", b"one"), ("./a.rs", b"two")]);
    insta::assert_snapshot!(archive_text(&spelled_twice, true, &limits()), @r"
    a.rs (3 bytes)
    archive_duplicate: archive holds `a.rs` twice
    ");
}

#[test]
fn a_bomb_ends_at_the_ratio_before_it_is_inflated() {
    // 64 MB of zeros in 62 kB, a thousandth.
    let tar = RawTar::default().entry(b'0', b"zeros.txt", &vec![0; 64_000_000]).finish();
    assert!(tar.len() < 100_000);
    let text = archive_text(&tar, false, &limits());
    insta::assert_snapshot!(text.split(':').next().unwrap(), @"archive_bomb");
    let bomb = zip("", &[("zeros.txt", &vec![0; 64_000_000])]);
    let text = archive_text(&bomb, true, &limits());
    insta::assert_snapshot!(text.split(':').next().unwrap(), @"archive_bomb");
}

#[test]
fn a_bomb_of_many_members_ends_at_the_total() {
    let limits = SourceLimits { max_decompressed_bytes: 10_000_000, ..limits() };
    let member = gzip(&vec![b'x'; 1_000_000]);
    let bomb = member.repeat(20);
    assert!(archive_text(&bomb, false, &limits).contains("archive_"), "refused as one thing or the other");
    let tar = RawTar::default().entry(b'0', b"x.txt", &vec![b'x'; 11_000_000]).finish();
    insta::assert_snapshot!(archive_text(&tar, false, &limits).split(':').next().unwrap(), @"archive_bomb");
}

#[test]
fn limits_count_entries_and_source() {
    let tar = RawTar::default().entry(b'0', b"a.rs", b"12345").entry(b'0', b"b.rs", b"123456").finish();
    let few = SourceLimits { max_entries: 1, ..limits() };
    insta::assert_snapshot!(archive_text(&tar, false, &few), @r"
    a.rs (5 bytes)
    too_many_files: source has more than 1 entries
    ");
    let small = SourceLimits { max_total_bytes: 10, ..limits() };
    insta::assert_snapshot!(archive_text(&tar, false, &small), @r"
    a.rs (5 bytes)
    repo_too_large: source so far has 11 bytes, the limit is 10 bytes
    ");
    let short = SourceLimits { max_file_bytes: 5, ..limits() };
    insta::assert_snapshot!(archive_text(&tar, false, &short), @r"
    a.rs (5 bytes)
    b.rs - too_large
    ");
}

#[test]
fn one_top_folder_is_no_part_of_the_paths() {
    let shared = RawTar::default().entry(b'5', b"top/", b"").entry(b'0', b"top/a.rs", b"x").entry(
        b'0',
        b"top/d/b.rs",
        b"y",
    );
    insta::assert_snapshot!(tar_text(shared), @r"
    a.rs (1 bytes)
    d/b.rs (1 bytes)
    ");
    let not_shared = RawTar::default().entry(b'0', b"top/a.rs", b"x").entry(b'0', b"topmost.rs", b"y");
    insta::assert_snapshot!(tar_text(not_shared), @r"
    top/a.rs (1 bytes)
    topmost.rs (1 bytes)
    ");
    insta::assert_snapshot!(tar_text(RawTar::default().entry(b'0', b"only.rs", b"x")), @"only.rs (1 bytes)");
}

#[test]
fn archives_in_archives_stay_closed() {
    let inner = tar_gz("", &[("a.rs", b"fn a() {}")]);
    let tar = RawTar::default().entry(b'0', b"inner.tar.gz", &inner).entry(b'0', b"b.rs", b"fn b() {}");
    insta::assert_snapshot!(tar_text(tar), @r"
    inner.tar.gz - binary
    b.rs (9 bytes)
    ");
}

#[test]
fn an_archive_without_files_is_an_empty_source() {
    insta::assert_snapshot!(tar_text(RawTar::default()), @"");
    insta::assert_snapshot!(archive_text(&zip("", &[]), true, &limits()), @"");
}
