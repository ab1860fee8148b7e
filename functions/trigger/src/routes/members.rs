//! `/v1/me/members` and `/v1/me/memberships`: people who may use an account besides its owner.

use accounts::NotAdded;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::http::read::json;
use crate::routes::me::{member_summary, of};
use crate::routes::submit::plan_of;
use crate::wire::{MemberSummary, Members, NewMemberRequest};

const MAX_LOGIN_CHARS: usize = 100;

pub(super) async fn list(State(app): State<App>, caller: Caller) -> Answered<Json<Members>> {
    let (accounts, account) = (of(&app)?, caller.person()?.account.as_str());
    let items = accounts.members(account).await?.into_iter().map(member_summary).collect();
    Ok(Json(Members { items, limit: plan_of(accounts, account).await?.members }))
}

pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answered<(StatusCode, Json<MemberSummary>)> {
    let (accounts, account) = (of(&app)?, caller.person()?.account.as_str());
    let NewMemberRequest { login } = json(&headers, body, None).await?;
    let login = login.trim().trim_start_matches('@');
    if !(1..=MAX_LOGIN_CHARS).contains(&login.chars().count()) {
        let detail = format!("expected 1 to {MAX_LOGIN_CHARS} characters");
        return Err(Failure::field(codes::INVALID_FIELD, "/login", detail));
    }
    let limit = plan_of(accounts, account).await?.members;
    match accounts.add_member(account, login, limit, now(&app).0).await? {
        Ok(member) => Ok((StatusCode::CREATED, Json(member_summary(member)))),
        Err(NotAdded::NoSuchPerson) => {
            Err(Failure::new(codes::NO_SUCH_PERSON, "no other person of this name has an account"))
        }
        Err(NotAdded::TooMany) => {
            Err(Failure::new(codes::TOO_MANY_MEMBERS, format!("the plan allows {limit} people")))
        }
    }
}

pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(member): Path<String>,
) -> Answered<StatusCode> {
    gone(of(&app)?.remove_member(caller.person()?.account.as_str(), &member).await?)
}

/// Takes the caller off somebody else's account.
pub(super) async fn leave(
    State(app): State<App>,
    caller: Caller,
    Path(account): Path<String>,
) -> Answered<StatusCode> {
    gone(of(&app)?.remove_member(&account, caller.person()?.own.as_str()).await?)
}

fn gone(was_there: bool) -> Answered<StatusCode> {
    match was_there {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Failure::new(codes::NO_SUCH_MEMBER, "nobody of this id is a member")),
    }
}
