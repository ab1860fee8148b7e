//! Whose jobs a store holds.

use crate::error::PipelineError;
use crate::id::{JobId, Tenant};
use crate::job::{Coordinator, to_json};
use crate::key::{ArtifactKey, ArtifactPrefix};
use crate::port::{Clock, Ports};
use crate::time::Timestamp;

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

    /// Notes that an account asked for a job of this owner; before the job is made, so that it is never nobody's.
    pub async fn order(&self, account: &Tenant, owner: &Tenant, job: &JobId) -> Result<(), PipelineError> {
        self.note_tenant(account).await?;
        let key = ArtifactKey::Order { owner, job }.of(account);
        self.io().create(&key, &to_json(&self.ports.clock().now())).await?;
        Ok(())
    }

    /// Takes an order back.
    pub async fn remove_order(
        &self,
        account: &Tenant,
        owner: &Tenant,
        job: &JobId,
    ) -> Result<(), PipelineError> {
        Ok(self.io().delete(&ArtifactKey::Order { owner, job }.of(account)).await?)
    }

    /// Lists what an account asked for: owner, job, and since when.
    pub async fn orders(&self, account: &Tenant) -> Result<Vec<(Tenant, JobId, Timestamp)>, PipelineError> {
        let mut orders = Vec::new();
        for key in self.io().list(&ArtifactPrefix::Orders.of(account)).await? {
            let mut parts = key.as_str().rsplit('/');
            let (job, owner) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let (Ok(job), Ok(owner)) = (job.parse(), owner.parse()) else { continue };
            // One that was taken back meanwhile is gone.
            if let Some(at) = self.io().find_json(&key).await? {
                orders.push((owner, job, at));
            }
        }
        Ok(orders)
    }

    /// Removes every object of a tenant and its name: of an account that is deleted. Repeating it is harmless.
    pub async fn remove_tenant(&self, tenant: &Tenant) -> Result<(), PipelineError> {
        for prefix in ArtifactPrefix::everything(tenant) {
            for key in self.io().list(&prefix).await? {
                self.io().delete(&key).await?;
            }
        }
        Ok(self.io().delete(&ArtifactKey::TenantName { name: tenant }.of(&Tenant::local())).await?)
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
