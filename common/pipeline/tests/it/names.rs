use docpack::Digest;
use pipeline::key::{ArtifactPrefix, KeyPrefix, ObjectKey};
use pipeline::{ArtifactKey, BuildOptions, JobFamily, JobId, PLAN, StageName, Tenant, Timestamp, UnitId};

#[test]
fn names_that_could_leave_their_folder_are_refused() {
    for text in ["", ".", "..", "a/b", "A", "-a", "_a", "a b", "ä", "a\0", &"a".repeat(81)] {
        assert!(text.parse::<JobId>().is_err(), "{text:?}");
        assert!(serde_json::from_value::<UnitId>(text.into()).is_err(), "{text:?}");
    }
    for text in ["a", "0", "job-1", "a_b", &"a".repeat(80)] {
        assert_eq!(text.parse::<JobId>().unwrap().as_str(), text);
    }
    for text in ["", "/", "a//b", "a/../b", "a/.b", "a/", "/a", "a\\b", &"a".repeat(1_025)] {
        assert!(ObjectKey::from_listed(text).is_none(), "{text:?}");
    }
}

#[test]
fn every_key_is_under_a_prefix_of_its_tenant_and_is_listed_back() {
    let (tenant, job, unit) =
        ("acme".parse::<Tenant>().unwrap(), "job-1".parse::<JobId>().unwrap(), UnitId::whole());
    let digest = Digest::of(b"");
    let stage = StageName::Embed;
    let family = JobFamily::derive(&Tenant::local(), "x", &BuildOptions::default(), "1");
    let keys = [
        ArtifactKey::State { job: &job },
        ArtifactKey::Active { job: &job },
        ArtifactKey::JobOfSource { source: &digest, job: &job },
        ArtifactKey::TenantName { name: &tenant },
        ArtifactKey::Order { owner: &Tenant::public(), job: &job },
        ArtifactKey::Embedder { class: &digest },
        ArtifactKey::Receipt { job: &job },
        ArtifactKey::Dispatch { job: &job, stage, unit: &unit, number: 1 },
        ArtifactKey::Probe { name: &job },
        ArtifactKey::Schedules,
        ArtifactKey::ScheduleWindow { schedule: &digest, window: Timestamp(1_767_225_600_000) },
        ArtifactKey::LatestRun { family: &family },
        ArtifactKey::SealedList { job: &job, stage, digest: &digest },
        ArtifactKey::Marker { job: &job, stage, unit: &unit },
        ArtifactKey::GroupMarker { job: &job, stage, group_idx: 3 },
        ArtifactKey::Try { job: &job, stage, unit: &unit, number: 1 },
        ArtifactKey::TryEnd { job: &job, stage, unit: &unit, number: 1 },
        ArtifactKey::Lease { job: &job, stage, unit: &unit },
        ArtifactKey::Resend { job: &job, stage, unit: &unit, number: 2 },
        ArtifactKey::EventSegment { job: &job, stage, unit: &unit, number: 1, segment_idx: 0 },
        ArtifactKey::FeedStep { job: &job, number: 0 },
        ArtifactKey::Artifact { job: &job, stage, digest: &digest },
        ArtifactKey::VectorCache { class: &digest, entry: &digest },
        ArtifactKey::ReplyCache { question: &digest },
        ArtifactKey::Audit { job: &job, stage: StageName::Generate, unit: &unit, number: 1 },
        ArtifactKey::QuestionAudit { asked_at: Timestamp(1_767_225_600_000), question: &digest },
        ArtifactKey::Docpack { docpack_id: &digest, archive_sha256: &digest },
    ]
    .map(|key| key.of(&tenant));
    for key in &keys {
        assert_eq!(ObjectKey::from_listed(key.as_str()).as_ref(), Some(key));
        let is_under = |prefix: &KeyPrefix| key.as_str().starts_with(prefix.as_str());
        assert_eq!(ArtifactPrefix::everything(&tenant).iter().filter(|it| is_under(it)).count(), 1, "{key}");
    }
    let lines: Vec<&str> = keys.iter().map(ObjectKey::as_str).collect();
    insta::assert_snapshot!("keys", lines.join("\n"));
}

#[test]
fn a_family_depends_on_tenant_source_options_and_tool() {
    let of_tenant = |tenant: &str, source: &str, embeddings, tool: &str| {
        let options = BuildOptions { embeddings, ..BuildOptions::default() };
        JobFamily::derive(&tenant.parse().unwrap(), source, &options, tool)
    };
    let family = |source: &str, embeddings, tool: &str| of_tenant("local", source, embeddings, tool);
    let base = family("a", true, "b");
    assert_eq!(base, family("a", true, "b"));
    let others = [
        family("ab", true, ""),
        family("a", false, "b"),
        family("a", true, "c"),
        of_tenant("public", "a", true, "b"),
    ];
    for other in others {
        assert_ne!(base, other);
    }
    assert_eq!(base.run(7).as_str(), format!("{base}-7"));
}

#[test]
fn the_plan_is_in_order_and_feeds_itself() {
    for (row, stage) in PLAN.iter().zip(StageName::ALL) {
        assert_eq!(row.stage, stage);
        assert_eq!((stage.plan().stage, StageName::from_word(stage.as_str())), (stage, Some(stage)));
        assert_eq!(row.phase.stage(), Some(stage));
        assert!(row.inputs.iter().all(|input| *input < stage), "{stage} reads what is there before it");
        assert!(row.may_run_from <= row.phase, "{stage}");
        assert!(row.fan_out_from.is_none_or(|from| from < stage && from.seals() == Some(stage)), "{stage}");
    }
}
