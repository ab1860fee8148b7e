//! The pages on which a person pays, and changes what was bought.

use super::state::{State, text};

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <main><h1>{title}</h1>{body}</main></html>"
    )
}

fn button(action: &str, label: &str) -> String {
    format!("<form method=\"post\" action=\"{action}\"><button>{label}</button></form>")
}

/// Shows what a checkout session sells.
pub(super) fn checkout(state: &State, id: &str) -> Option<String> {
    let session = state.sessions.get(id)?;
    let price = text(session, "price");
    let path = format!("/checkout/{id}");
    let body = format!(
        "<p>{price}</p>{}{}<p><a href=\"{}\">Back</a></p>",
        button(&format!("{path}/pay"), "Pay"),
        button(&format!("{path}/decline"), "Pay with a card that is declined"),
        text(session, "cancel_url"),
    );
    Some(page("Checkout", &body))
}

/// Shows what a customer bought. What only Stripe or a bank does stands below, for tests.
pub(super) fn portal(state: &State, id: &str) -> Option<String> {
    let portal = state.portals.get(id)?;
    let customer = text(portal, "customer");
    let mut body = String::new();
    let all = state.subscriptions_of(&customer).into_iter();
    for (subscription, it) in all.filter(|(_, it)| text(it, "status") != "canceled") {
        let path = format!("/portal/{id}/{subscription}");
        body += &format!("<h2>{}: {}</h2>", state.price_of(&subscription), text(it, "status"));
        for price in state.prices.keys() {
            body += &button(&format!("{path}/change/{price}"), &format!("Change to {price}"));
        }
        for (action, label) in [
            ("cancel", "Cancel at the end of the period"),
            ("keep", "Keep"),
            ("end-period", "Test: the period ends"),
            ("fail-renewal", "Test: the renewal is not paid"),
            ("give-up", "Test: nobody ever pays"),
            ("refund", "Test: refund"),
            ("dispute", "Test: dispute"),
        ] {
            body += &button(&format!("{path}/{action}"), label);
        }
    }
    body += &format!("<p><a href=\"{}\">Back</a></p>", text(portal, "return_url"));
    Some(page("Portal", &body))
}
