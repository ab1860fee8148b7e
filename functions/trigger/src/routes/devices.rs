//! `/v1/devices`: signing in a program that has no browser.

use accounts::{Device, NewDevice, POLL_INTERVAL_MS, Poll};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use pipeline::Timestamp;

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::http::read::json;
use crate::routes::me::{checked_name, checked_scopes, key_summary, of};
use crate::routes::sign_in::people;
use crate::wire::{DeviceCodes, DeviceRequest, DeviceSummary, DeviceTokenRequest, MadeKey};

/// The page of the website where users enter codes.
const PAGE: &str = "/device";
const INTERVAL_SECONDS: u32 = (POLL_INTERVAL_MS / 1_000) as u32;

pub(super) async fn begin(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Answered<(StatusCode, Json<DeviceCodes>)> {
    let people = people(&app)?;
    let request: DeviceRequest = json(&headers, body, None).await?;
    let name = checked_name("/client_name", &request.client_name)?;
    let scopes = checked_scopes(&request.scopes)?;
    let NewDevice { device_code, user_code, expires_at } =
        people.accounts.begin_device(&name, &scopes, now(&app).0).await?;
    let verification_url = format!("{}{PAGE}", people.public_url());
    let codes = DeviceCodes {
        device_code,
        verification_url_complete: format!("{verification_url}?code={user_code}"),
        verification_url,
        user_code,
        expires_at: Timestamp(expires_at),
        interval_seconds: INTERVAL_SECONDS,
    };
    Ok((StatusCode::CREATED, Json(codes)))
}

pub(super) async fn poll(State(app): State<App>, headers: HeaderMap, body: Body) -> Answered<Json<MadeKey>> {
    let accounts = of(&app)?;
    let request: DeviceTokenRequest = json(&headers, body, None).await?;
    let failure = match accounts.poll_device(&request.device_code, now(&app).0).await? {
        Poll::Key(key, summary) => return Ok(Json(MadeKey { key, summary: key_summary(summary) })),
        Poll::Pending => Failure::new(codes::AUTHORIZATION_PENDING, "the user has not decided yet"),
        Poll::TooFast => Failure::new(codes::SLOW_DOWN, format!("ask every {INTERVAL_SECONDS} s at most")),
        Poll::Denied => Failure::new(codes::ACCESS_DENIED, "the user refused this program"),
        Poll::Gone => Failure::new(codes::DEVICE_CODE_EXPIRED, "it expired, was used, or never existed"),
    };
    Err(failure)
}

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(user_code): Path<String>,
) -> Answered<Json<DeviceSummary>> {
    let account = caller.person()?.account.as_str();
    let device = of(&app)?.device(account, &user_code, now(&app).0).await?.ok_or_else(unknown)?;
    let Device { user_code, client_name, scopes, requested_at, expires_at } = device;
    Ok(Json(DeviceSummary {
        user_code,
        client_name,
        scopes: scopes.iter().map(ToString::to_string).collect(),
        requested_at: Timestamp(requested_at),
        expires_at: Timestamp(expires_at),
    }))
}

pub(super) async fn approve(
    State(app): State<App>,
    caller: Caller,
    Path(user_code): Path<String>,
) -> Answered<StatusCode> {
    let account = caller.person()?.account.as_str();
    match of(&app)?.approve_device(account, &user_code, now(&app).0).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(unknown()),
    }
}

pub(super) async fn deny(
    State(app): State<App>,
    caller: Caller,
    Path(user_code): Path<String>,
) -> Answered<StatusCode> {
    let account = caller.person()?.account.as_str();
    match of(&app)?.deny_device(account, &user_code, now(&app).0).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(unknown()),
    }
}

fn unknown() -> Failure {
    Failure::new(codes::NO_SUCH_DEVICE_CODE, "no program waits with this code")
}
