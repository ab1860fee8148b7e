//! Where the GitHub App is installed, and which repositories it reaches there.

use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::users::User;
use crate::{Accounts, AccountsError, signed};

/// Where the GitHub App is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    pub id: u64,
    /// GitHub's number of the person or organisation whose repositories these are.
    pub github_account: u64,
    pub login: String,
    /// GitHub's number of who installed it, where GitHub said so.
    pub installer: Option<u64>,
    pub is_suspended: bool,
    /// Whether the App may write check runs there.
    pub may_write_checks: bool,
    /// Whether the App may read pull requests there and comment on them.
    pub may_write_pulls: bool,
}

/// A repository that an installation reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledRepository {
    pub installation: u64,
    /// GitHub's number, which is never given to another.
    pub id: u64,
    pub full_name: String,
    pub is_private: bool,
    pub default_branch: String,
    /// Branches that are built; `None` for the default branch.
    pub branches: Option<Vec<String>>,
    /// Whether pushes start jobs.
    pub is_building: bool,
    /// Words of the rules that a check run fails by; without any it blocks nothing.
    pub fails_on: Vec<String>,
    /// Whether pull requests get a comment.
    pub comments: bool,
    /// When GitHub last told something of it, in milliseconds since 1970.
    pub delivered_at: Option<u64>,
}

/// What an account chose for a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryChoice {
    /// Branches that are built; `None` for the default branch.
    pub branches: Option<Vec<String>>,
    /// Whether pushes start jobs.
    pub is_building: bool,
    /// Words of the rules that a check run fails by.
    pub fails_on: Vec<String>,
    /// Whether pull requests get a comment.
    pub comments: bool,
}

impl InstalledRepository {
    /// Reports whether a push to a branch starts a job.
    pub fn builds(&self, branch: &str) -> bool {
        self.is_building && self.built_branches().iter().any(|built| built == branch)
    }

    /// Returns the branches that are built.
    pub fn built_branches(&self) -> Vec<String> {
        self.branches.clone().unwrap_or_else(|| vec![self.default_branch.clone()])
    }

    /// Reports whether branches with an open pull request are built too.
    pub fn builds_pulls(&self) -> bool {
        self.is_building && (self.comments || !self.fails_on.is_empty())
    }

    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let branches: Option<String> = row.try_get("branches")?;
        let fails_on: Option<String> = row.try_get("fails_on")?;
        Ok(Self {
            installation: number(row, "installation")?,
            id: number(row, "repository")?,
            full_name: row.try_get("full_name")?,
            is_private: row.try_get::<i64, _>("private")? != 0,
            default_branch: row.try_get("default_branch")?,
            branches: branches.map(|list| list.lines().map(str::to_owned).collect()),
            is_building: row.try_get::<i64, _>("building")? != 0,
            fails_on: fails_on.unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
            comments: row.try_get::<i64, _>("comments")? != 0,
            delivered_at: row.try_get::<Option<i64>, _>("delivered_at")?.map(i64::unsigned_abs),
        })
    }
}

fn number(row: &AnyRow, name: &str) -> Result<u64, sqlx::Error> {
    Ok(row.try_get::<i64, _>(name)?.unsigned_abs())
}

impl Installation {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: number(row, "id")?,
            github_account: number(row, "github_account")?,
            login: row.try_get("login")?,
            installer: row.try_get::<Option<i64>, _>("installer")?.map(i64::unsigned_abs),
            is_suspended: row.try_get::<i64, _>("suspended")? != 0,
            may_write_checks: row.try_get::<i64, _>("checks")? != 0,
            may_write_pulls: row.try_get::<i64, _>("pulls")? != 0,
        })
    }
}

impl Accounts {
    /// Keeps an installation as it is now. Who installed it stays known where that is not said again.
    pub async fn put_installation(&self, new: &Installation, now: u64) -> Result<(), AccountsError> {
        query(
            "INSERT INTO account_installations (id, github_account, login, installer, suspended, checks, \
             changed_at, pulls) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET \
             github_account = excluded.github_account, login = excluded.login, \
             installer = COALESCE(excluded.installer, account_installations.installer), \
             suspended = excluded.suspended, checks = excluded.checks, pulls = excluded.pulls, \
             changed_at = excluded.changed_at",
        )
        .bind(signed(new.id))
        .bind(signed(new.github_account))
        .bind(&new.login)
        .bind(new.installer.map(signed))
        .bind(i64::from(new.is_suspended))
        .bind(i64::from(new.may_write_checks))
        .bind(signed(now))
        .bind(i64::from(new.may_write_pulls))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Finds an installation.
    pub async fn installation(&self, id: u64) -> Result<Option<Installation>, AccountsError> {
        let row = query("SELECT * FROM account_installations WHERE id = $1").bind(signed(id));
        let row = row.fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(Installation::read).transpose()?)
    }

    /// Lists every installation.
    pub async fn installations(&self) -> Result<Vec<Installation>, AccountsError> {
        let rows = query("SELECT * FROM account_installations ORDER BY id").fetch_all(&self.pool).await?;
        Ok(rows.iter().map(Installation::read).collect::<Result<_, _>>()?)
    }

    /// Forgets an installation, its repositories and their branches.
    pub async fn remove_installation(&self, id: u64) -> Result<(), AccountsError> {
        let mut change = self.pool.begin().await?;
        for statement in [
            "DELETE FROM account_heads WHERE installation = $1",
            "DELETE FROM account_installed WHERE installation = $1",
            "DELETE FROM account_installations WHERE id = $1",
        ] {
            query(statement).bind(signed(id)).execute(&mut *change).await?;
        }
        Ok(change.commit().await?)
    }

    /// Finds the account that an installation's jobs are made for: that of the person whose repositories these are,
    /// and of an organisation's that of who installed the App.
    pub async fn account_of_installation(&self, of: &Installation) -> Result<Option<User>, AccountsError> {
        for person in [Some(of.github_account), of.installer].into_iter().flatten() {
            if let Some(user) = self.user_of_github(person).await? {
                return Ok(Some(user));
            }
        }
        Ok(None)
    }

    /// Keeps a repository as it is now. What its account chose stays.
    pub async fn put_installed(&self, new: &InstalledRepository) -> Result<(), AccountsError> {
        query(
            "INSERT INTO account_installed (installation, repository, full_name, private, default_branch) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (installation, repository) DO UPDATE SET \
             full_name = excluded.full_name, private = excluded.private, \
             default_branch = excluded.default_branch",
        )
        .bind(signed(new.installation))
        .bind(signed(new.id))
        .bind(&new.full_name)
        .bind(i64::from(new.is_private))
        .bind(&new.default_branch)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Finds a repository of an installation.
    pub async fn installed(
        &self,
        installation: u64,
        repository: u64,
    ) -> Result<Option<InstalledRepository>, AccountsError> {
        let row = query("SELECT * FROM account_installed WHERE installation = $1 AND repository = $2")
            .bind(signed(installation))
            .bind(signed(repository))
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.as_ref().map(InstalledRepository::read).transpose()?)
    }

    /// Lists the repositories of an installation, by number.
    pub async fn installed_at(&self, installation: u64) -> Result<Vec<InstalledRepository>, AccountsError> {
        let rows = query("SELECT * FROM account_installed WHERE installation = $1 ORDER BY repository")
            .bind(signed(installation))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(InstalledRepository::read).collect::<Result<_, _>>()?)
    }

    /// Lists the installations whose jobs are made for an account.
    pub async fn installations_of(&self, account: &str) -> Result<Vec<Installation>, AccountsError> {
        let Some(user) = self.user(account).await? else { return Ok(Vec::new()) };
        let rows = query(
            "SELECT * FROM account_installations WHERE github_account = $1 OR installer = $1 ORDER BY id",
        )
        .bind(signed(user.github_id))
        .fetch_all(&self.pool)
        .await?;
        let mut list = Vec::new();
        for row in &rows {
            let found = Installation::read(row)?;
            // Of two people one has it: who owns the repositories before who installed the App.
            if self.account_of_installation(&found).await?.is_some_and(|owner| owner.id == account) {
                list.push(found);
            }
        }
        Ok(list)
    }

    /// Lists the repositories whose jobs are made for an account, by name.
    pub async fn installed_of(
        &self,
        account: &str,
    ) -> Result<Vec<(Installation, InstalledRepository)>, AccountsError> {
        let mut list = Vec::new();
        for installation in self.installations_of(account).await? {
            let repositories = self.installed_at(installation.id).await?;
            list.extend(repositories.into_iter().map(|it| (installation.clone(), it)));
        }
        list.sort_by(|(_, a), (_, b)| (&a.full_name, a.id).cmp(&(&b.full_name, b.id)));
        Ok(list)
    }

    /// Notes what an account chose for a repository.
    pub async fn choose(
        &self,
        installation: u64,
        repository: u64,
        choice: &RepositoryChoice,
    ) -> Result<(), AccountsError> {
        query(
            "UPDATE account_installed SET branches = $3, building = $4, fails_on = $5, comments = $6 \
             WHERE installation = $1 AND repository = $2",
        )
        .bind(signed(installation))
        .bind(signed(repository))
        .bind(choice.branches.as_ref().map(|list| list.join("\n")))
        .bind(i64::from(choice.is_building))
        .bind((!choice.fails_on.is_empty()).then(|| choice.fails_on.join(" ")))
        .bind(i64::from(choice.comments))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Notes that GitHub told something of a repository.
    pub async fn note_delivered(
        &self,
        installation: u64,
        repository: u64,
        now: u64,
    ) -> Result<(), AccountsError> {
        query(
            "UPDATE account_installed SET delivered_at = $3 WHERE installation = $1 AND repository = $2 \
             AND (delivered_at IS NULL OR delivered_at < $3)",
        )
        .bind(signed(installation))
        .bind(signed(repository))
        .bind(signed(now))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Forgets a repository of an installation and its branches.
    pub async fn remove_installed(&self, installation: u64, repository: u64) -> Result<(), AccountsError> {
        let mut change = self.pool.begin().await?;
        for statement in [
            "DELETE FROM account_heads WHERE installation = $1 AND repository = $2",
            "DELETE FROM account_installed WHERE installation = $1 AND repository = $2",
        ] {
            query(statement)
                .bind(signed(installation))
                .bind(signed(repository))
                .execute(&mut *change)
                .await?;
        }
        Ok(change.commit().await?)
    }
}
