//! The families themselves.

use std::collections::BTreeSet;
use std::path::Path;

use docpack::InsightFamily;
use docpack::records::{InsightValue, TourEvidence};
use doctown_families::{Claim, Family, Form, answer_of, check, plain, schema, sheet};
use serde_json::{Value, json};

use crate::shape::fits;

fn place(line: u32) -> TourEvidence {
    TourEvidence { file_path: Some("src/a.py".to_owned()), line: Some(line), ..TourEvidence::default() }
}

fn complex(n: usize) -> Vec<Claim> {
    let claim = |at: usize| {
        Claim::new(format!("f{at}"), format!("`f{at}` decides.")).at(place(at as u32 + 1)).valued(90 - at)
    };
    (0..n).map(claim).collect()
}

#[test]
fn every_word_has_a_folder_with_kinds_of_its_own() {
    for word in InsightFamily::ALL {
        let family = Family::of(*word);
        let kinds: BTreeSet<&str> = family.kinds.iter().map(|kind| kind.kind.as_str()).collect();
        assert_eq!(kinds.len(), family.kinds.len(), "{word}");
        assert!(family.question.ends_with('?'), "{word}");
        assert!(family.kinds.iter().all(|kind| (1..=12).contains(&kind.most)), "{word}");
    }
    assert_eq!(Family::all().len(), InsightFamily::ALL.len());
}

#[test]
fn every_kind_of_risk_says_why_it_is_told() {
    assert!(Family::of(InsightFamily::Risks).kinds.iter().all(|kind| kind.because.is_some()));
}

#[test]
fn the_schemas_beside_the_families_are_those_of_the_code() {
    for family in Family::all() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("families").join(family.family.as_str());
        let text = schema(family, &[]) + "\n";
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(folder.join("schema.json"), &text).unwrap();
        }
        let kept = std::fs::read_to_string(folder.join("schema.json")).unwrap_or_default();
        assert_eq!(kept, text, "set UPDATE_SCHEMAS=1 to write `{}` anew", folder.display());
    }
}

#[test]
fn a_schema_allows_nothing_but_what_it_names() {
    let mut form = Form::new(InsightFamily::Risks);
    form.group("complex", complex(2));
    let insight = form.finish().unwrap();
    let strict: Value = serde_json::from_str(&schema(
        Family::of(InsightFamily::Risks),
        &["risks.complex.1", "risks.complex.2"],
    ))
    .unwrap();
    let answer = json!({ "claims": answer_of(&insight), "sentence": "" });
    assert_eq!(fits(&answer, &strict), Ok(()));
    let refused: [fn(&mut Value); 6] = [
        |it| it["more"] = 1.into(),
        |it| it["claims"][0]["more"] = 1.into(),
        |it| it["claims"][0]["claim"] = "risks.complex.3".into(),
        |it| it["claims"][0]["kind"] = "slow".into(),
        |it| it["claims"][0]["line"] = "1".into(),
        |it| drop(it.as_object_mut().unwrap().remove("sentence")),
    ];
    for edit in refused {
        let mut edited = answer.clone();
        edit(&mut edited);
        assert!(fits(&edited, &strict).is_err(), "{edited}");
    }
}

#[test]
fn a_form_keeps_the_first_claims_of_a_kind_and_counts_the_others() {
    let mut form = Form::new(InsightFamily::Risks);
    form.group("complex", complex(9));
    form.group("unheard_of", complex(1));
    // Without a value, a claim of a kind with a measure says nothing.
    form.group("untested", [Claim::new("g", "`g` is used.").at(place(3))]);
    let insight = form.finish().unwrap();
    let group = &insight.groups[0];
    assert_eq!((insight.groups.len(), group.claims.len(), group.left_out), (1, 6, 3));
    assert_eq!(group.claims[5].id, "risks.complex.6");
    assert_eq!(group.claims[0].value, Some(InsightValue::Number(90)));
}

#[test]
fn a_form_without_claims_is_no_answer() {
    let mut form = Form::new(InsightFamily::Risks);
    form.limit("Nothing was read.");
    assert!(form.finish().is_none());
}

#[test]
fn what_was_computed_holds_as_an_answer() {
    let mut form = Form::new(InsightFamily::Risks);
    form.group("complex", complex(4));
    let insight = form.finish().unwrap();
    let judged = check(&insight, &answer_of(&insight));
    assert_eq!((judged.held.len(), judged.refused.len()), (4, 0));
    let twice = [answer_of(&insight)[0].clone(), answer_of(&insight)[0].clone()];
    assert_eq!(check(&insight, &twice).held.len(), 1, "a claim is told once");
}

#[test]
fn insights_are_written_with_their_reason_order_and_place() {
    let mut form = Form::new(InsightFamily::Risks);
    form.group("complex", complex(7));
    form.limit("Nothing else was counted.");
    let insight = form.finish().unwrap();
    assert!(sheet(&insight)[0].starts_with(r#"{"claim":"risks.complex.1","kind":"complex","subject":"f0""#));
    let insights = docpack::records::Insights { families: vec![insight], words: Vec::new() };
    let text = plain(&insights, 100);
    for wanted in
        ["Risks\n=====", "Hard to follow", "1. `f0` decides. (src/a.py:1)", "and 1 more", "Note: Nothing"]
    {
        assert!(text.contains(wanted), "`{wanted}` is not in\n{text}");
    }
}
