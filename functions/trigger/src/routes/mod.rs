//! A handler for each operation of the table.

mod ask;
mod billing;
mod devices;
mod diff;
mod docpacks;
mod download;
mod entries;
mod events;
mod github;
mod jobs;
mod me;
mod members;
mod notices;
mod preview;
mod process;
mod schedules;
mod search;
mod sharing;
mod sign_in;
pub(crate) mod submit;
mod symbols;
mod withdrawals;

use axum::routing::{MethodRouter, delete, get, post};
pub(crate) use entries::accepts;

use axum::{Router, middleware};

use crate::app::App;
use crate::caller::{Guard, guard};
use crate::contract::Op;
use crate::http::door;
use crate::http::hosts::Hosts;
use crate::site;

/// Makes the router of everything, the website included.
pub(crate) fn router(app: App, hosts: Hosts) -> Router {
    let mut router = Router::new();
    for op in Op::ALL {
        // The router's own way to say that a parameter takes the rest of the path.
        let path = op.operation().path.replace("{entry_path}", "{*entry_path}");
        let guarded = middleware::from_fn_with_state(Guard::of(app.clone(), op), guard);
        router = router.route(&path, handler(op).route_layer(guarded));
    }
    router
        .route("/config.json", get(site::config))
        // What images ask of every process of ours.
        .route("/health", get(process::ready))
        .fallback(site::serve)
        .layer(middleware::from_fn_with_state((app.clone(), hosts), door::pass))
        .with_state(app)
}

fn handler(op: Op) -> MethodRouter<App> {
    match op {
        Op::CreateJob => post(submit::create),
        Op::ListJobs => get(jobs::list),
        Op::GetJob => get(jobs::get),
        Op::GetJobEvents => get(events::get),
        Op::ApproveJob => post(jobs::approve),
        Op::CancelJob => post(jobs::cancel),
        Op::RetryJob => post(submit::retry),
        Op::ListDocpacks => get(docpacks::list),
        Op::GetDocpack => get(docpacks::get),
        Op::DownloadDocpack => get(download::get),
        Op::GetEntry => get(entries::get),
        Op::SearchDocpack => get(search::get),
        Op::AskDocpack => get(ask::get),
        Op::GetPreview => get(preview::get),
        Op::DiffDocpacks => get(diff::get),
        Op::GetSymbol => get(symbols::get),
        Op::ListCommons => get(sharing::commons),
        Op::GetSharing => get(sharing::get),
        Op::SetVisibility => post(sharing::set),
        Op::CreateLink => post(sharing::make_link),
        Op::RevokeLink => delete(sharing::revoke_link),
        Op::RemoveDocpack => delete(sharing::remove),
        Op::ListWithdrawals => get(withdrawals::list),
        Op::WithdrawRepository => post(withdrawals::add),
        Op::ReinstateRepository => delete(withdrawals::remove),
        Op::ListMembers => get(members::list),
        Op::AddMember => post(members::add),
        Op::RemoveMember => delete(members::remove),
        Op::LeaveAccount => delete(members::leave),
        Op::BeginSignIn => get(sign_in::begin),
        Op::FinishSignIn => get(sign_in::finish),
        Op::GetMe => get(me::get),
        Op::DeleteMe => delete(me::remove),
        Op::SignOut => post(me::sign_out),
        Op::ListSessions => get(me::sessions),
        Op::EndSession => delete(me::end_session),
        Op::ListKeys => get(me::keys),
        Op::CreateKey => post(me::make_key),
        Op::RevokeKey => delete(me::revoke_key),
        Op::GetThisKey => get(me::this_key),
        Op::RevokeThisKey => delete(me::revoke_this_key),
        Op::ListSchedules => get(schedules::list),
        Op::SetSchedule => post(schedules::set),
        Op::RemoveSchedule => delete(schedules::remove),
        Op::ListWebhooks => get(notices::webhooks),
        Op::AddWebhook => post(notices::add_webhook),
        Op::RemoveWebhook => delete(notices::remove_webhook),
        Op::TestWebhook => post(notices::test_webhook),
        Op::RenewSecret => post(notices::renew_secret),
        Op::ListMessages => get(notices::messages),
        Op::ResendMessage => post(notices::resend),
        Op::GetNotifications => get(notices::notifications),
        Op::SetNotifications => post(notices::set_notifications),
        Op::GetBilling => get(billing::get),
        Op::BeginCheckout => post(billing::checkout),
        Op::OpenPortal => post(billing::portal),
        Op::TakeStripeEvent => post(billing::webhook),
        Op::BeginDevice => post(devices::begin),
        Op::PollDevice => post(devices::poll),
        Op::GetDevice => get(devices::get),
        Op::ApproveDevice => post(devices::approve),
        Op::DenyDevice => post(devices::deny),
        Op::ReceiveDelivery => post(github::receive),
        Op::ListRepositories => get(github::list),
        Op::ChooseBranches => post(github::choose),
        Op::RebuildRepository => post(github::rebuild),
        Op::ListErrors => get(process::errors),
        Op::GetOpenApi => get(process::openapi),
        Op::GetLiveness => get(process::live),
        Op::GetReadiness => get(process::ready),
        Op::GetMetrics => get(process::metrics),
    }
}
