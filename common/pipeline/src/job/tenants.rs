//! Whose jobs a store holds.

use crate::error::PipelineError;
use crate::id::{JobId, Tenant};
use crate::job::{Coordinator, to_json};
use crate::key::{ArtifactKey, ArtifactPrefix};
use crate::port::{Clock, Ports};

impl<P: Ports> Coordinator<P> {
    /// Lists every tenant that has, or had, a job: the local one first, the others by name.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, PipelineError> {
        let local = Tenant::local();
        let keys = self.io().list(&ArtifactPrefix::Tenants.of(&local)).await?;
        let mut others: Vec<Tenant> = keys.iter().filter_map(|key| key.last_part().parse().ok()).collect();
        others.sort();
        Ok([local].into_iter().chain(others).collect())
    }

    /// Lists the jobs of all tenants that are not over.
    pub async fn all_active_jobs(&self) -> Result<Vec<(Tenant, JobId)>, PipelineError> {
        let mut all = Vec::new();
        for tenant in self.tenants().await? {
            let jobs = self.active_jobs(&tenant).await?;
            all.extend(jobs.into_iter().map(|job| (tenant.clone(), job)));
        }
        Ok(all)
    }

    /// Adds a tenant to the list: before its first job, which could be lost otherwise.
    pub(super) async fn note_tenant(&self, tenant: &Tenant) -> Result<(), PipelineError> {
        let local = Tenant::local();
        if *tenant != local {
            let key = ArtifactKey::TenantName { name: tenant }.of(&local);
            self.io().create(&key, &to_json(&self.ports.clock().now())).await?;
        }
        Ok(())
    }
}
