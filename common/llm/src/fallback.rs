//! Asking the models of an endpoint in turn.

use crate::budget::Budget;
use crate::chat::Chat;
use crate::failure::ChatError;
use crate::reply::ChatReply;
use crate::request::ChatRequest;

/// What one model said.
#[derive(Debug, Clone)]
pub struct Asked {
    pub model_idx: usize,
    pub result: Result<ChatReply, ChatError>,
}

/// What all asked models said, in the order in which they were asked.
#[derive(Debug, Clone)]
pub struct Walk {
    /// At least one.
    pub asked: Vec<Asked>,
    /// Whether the last of them was accepted.
    pub is_accepted: bool,
}

impl Walk {
    /// Returns the accepted reply and the model that gave it.
    pub fn accepted(&self) -> Option<(usize, &ChatReply)> {
        let last = self.asked.last().filter(|_| self.is_accepted)?;
        Some((last.model_idx, last.result.as_ref().ok()?))
    }

    /// Returns the error that ended it, where one did.
    pub fn error(&self) -> Option<&ChatError> {
        self.asked.last()?.result.as_ref().err()
    }
}

impl Chat {
    /// Asks one model after the other, from the n-th on, until a reply is accepted.
    ///
    /// Models that the server does not know are asked once and then passed over. The walk ends early where
    /// another model cannot help: no key, no money, no budget, a rate limit.
    pub async fn ask_in_turn(
        &self,
        request: &ChatRequest,
        first_model_idx: usize,
        budget: &Budget,
        accept: impl Fn(&ChatReply) -> bool,
    ) -> Walk {
        let n_models = self.endpoint().models().len();
        let known: Vec<usize> = (first_model_idx..n_models).filter(|idx| !self.is_unknown(*idx)).collect();
        // Where all are unknown, the first one's answer says so.
        let order = if known.is_empty() { vec![first_model_idx] } else { known };
        let mut asked = Vec::new();
        for model_idx in order {
            let result = self.ask(request, model_idx, budget).await;
            let is_accepted = result.as_ref().is_ok_and(&accept);
            let is_over = result.as_ref().is_err_and(|error| !error.kind.wants_other_model());
            asked.push(Asked { model_idx, result });
            if is_accepted || is_over {
                return Walk { asked, is_accepted };
            }
        }
        Walk { asked, is_accepted: false }
    }
}
