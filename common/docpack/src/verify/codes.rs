//! What can be off in a pack that can be read.

macro_rules! codes {
    ($($(#[doc = $help:literal])+ $variant:ident = $word:literal,)+) => {
        /// A stable word for each thing that [`crate::verify()`] checks beyond reading.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code {
            $($(#[doc = $help])+ $variant,)+
        }

        impl Code {
            /// Every code, in the order of the checks.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Returns one line on what the code means.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => concat!($($help),+).trim_ascii(),)+ }
            }
        }
    };
}

codes! {
    /// Entries of the archive or of the manifest's list are not in the format's order.
    EntryOrder = "entry_order",
    /// The archive holds an entry that the manifest does not list.
    EntryUnlisted = "entry_unlisted",
    /// A JSON entry has white space, keys out of order, or more depth than allowed.
    EntryNotCanonical = "entry_not_canonical",
    /// The entries' facts do not give the manifest's `facts_digest`.
    FactsDigestMismatch = "facts_digest_mismatch",
    /// The entries' semantics do not give the manifest's `semantics_digest`.
    SemanticsDigestMismatch = "semantics_digest_mismatch",
    /// The entries' prose does not give the manifest's `prose_digest`.
    ProseDigestMismatch = "prose_digest_mismatch",
    /// `lookup.bin` is not what follows from the symbols and the graph.
    LookupMismatch = "lookup_mismatch",
    /// The manifest does not hash to its `docpack_id`.
    DocpackIdMismatch = "docpack_id_mismatch",
    /// `checksum` does not repeat `docpack_id`.
    ChecksumMismatch = "checksum_mismatch",
    /// `created_at` is not a time in UTC.
    CreatedAtMalformed = "created_at_malformed",
    /// A number of `statistics` differs from what the entries hold.
    StatisticsMismatch = "statistics_mismatch",
    /// A flag of `optional` differs from what the entries hold, or vectors lack their model's name.
    OptionalMismatch = "optional_mismatch",
    /// A list is not in the order that the format gives it.
    NotSorted = "not_sorted",
    /// Two records have the same id or path.
    DuplicateId = "duplicate_id",
    /// A symbol's id does not follow from its recorded fields.
    SymbolIdMismatch = "symbol_id_mismatch",
    /// A chunk's id does not follow from its path, digest and place.
    ChunkIdMismatch = "chunk_id_mismatch",
    /// A cluster's id does not follow from its members.
    ClusterIdMismatch = "cluster_id_mismatch",
    /// A record names a symbol that the pack lacks.
    DanglingSymbol = "dangling_symbol",
    /// A record names a file that the pack lacks.
    DanglingFile = "dangling_file",
    /// A record names a cluster that the pack lacks.
    DanglingCluster = "dangling_cluster",
    /// A model's words on a question rest on a claim that the pack lacks.
    DanglingClaim = "dangling_claim",
    /// A vector belongs to a chunk that the pack lacks.
    DanglingChunk = "dangling_chunk",
    /// A symbol is its own ancestor.
    ParentCycle = "parent_cycle",
    /// An edge of a kind that cannot be reflexive leads to its own source.
    EdgeToSelf = "edge_to_self",
    /// A range of bytes or lines is reversed or lies outside its file.
    RangeOutsideFile = "range_outside_file",
    /// A number is outside what the format allows for its field.
    ValueOutOfRange = "value_out_of_range",
    /// A word is not one of those that the format allows for its field; a note for open words.
    WordUnknown = "word_unknown",
    /// A path or a label holds a control character.
    ControlCharacter = "control_character",
    /// A symbol is contained in itself by way of `contains` edges.
    ContainsCycle = "contains_cycle",
    /// Two `contains` edges lead to one symbol.
    ContainedTwice = "contained_twice",
    /// A symbol or a cluster has no position in the layout, or more than one.
    PositionsMismatch = "positions_mismatch",
    /// A number of `quality.json` differs from what the other entries hold.
    QualityMismatch = "quality_mismatch",
    /// A value of `insights.json` differs from the field that it comes from, or has no measure.
    InsightMismatch = "insight_mismatch",
    /// A cluster's members and their symbols' `cluster_id` disagree, or `member_count` is wrong.
    ClusterMembersMismatch = "cluster_members_mismatch",
    /// A text under `source/` differs from its file in `source_map.json`, or a secret in it can be read.
    SourceMismatch = "source_mismatch",
    /// A recorded SHA-256 is not 64 lower-case hex digits.
    DigestMalformed = "digest_malformed",
    /// The pack is of a later version of the format; always a note.
    VersionLater = "version_later",
    /// This version does not define the entry; always a note.
    EntryUnknown = "entry_unknown",
}
