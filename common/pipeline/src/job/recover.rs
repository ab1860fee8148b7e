//! Beginning again after a crash, where it is certain that nobody else is at work.

use std::collections::BTreeSet;

use crate::attempt::{EndReason, TryEnd};
use crate::error::PipelineError;
use crate::id::{JobId, Tenant};
use crate::job::{Coordinator, to_json};
use crate::key::ArtifactPrefix;
use crate::port::{Clock, Ports};

impl<P: Ports> Coordinator<P> {
    /// Ends the leases and tries of a process that was killed, so that nothing waits for it.
    ///
    /// The tries do not count. Only for a process that knows that no other works on the job: a try
    /// that is still running elsewhere would be run a second time.
    pub async fn recover(&self, tenant: &Tenant, job: &JobId) -> Result<(), PipelineError> {
        let io = self.io();
        for lease in io.list(&ArtifactPrefix::Leases { job }.of(tenant)).await? {
            io.delete(&lease).await?;
        }
        let listed = |keys: Vec<crate::key::ObjectKey>| keys.into_iter().collect::<BTreeSet<_>>();
        let ended = listed(io.list(&ArtifactPrefix::JobTryEnds { job }.of(tenant)).await?);
        for begun in io.list(&ArtifactPrefix::JobTries { job }.of(tenant)).await? {
            let Some(end) = begun.end_of_try() else { continue };
            if !ended.contains(&end) {
                let interrupted = TryEnd { at: self.ports.clock().now(), reason: EndReason::Interrupted };
                io.create(&end, &to_json(&interrupted)).await?;
            }
        }
        Ok(())
    }
}
