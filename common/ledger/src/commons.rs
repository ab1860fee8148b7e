//! Docpacks that everybody may read, and what is known of their repositories.

use std::fmt;
use std::str::FromStr;

use sqlx::query;

use crate::cursor::{CursorError, read_hex, write_hex};
use crate::docpacks::escaped;
use crate::jobs::signed;
use crate::{DocpackRow, Ledger, LedgerError};

/// How the commons are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CommonsOrder {
    #[default]
    Newest,
    /// By the repository's name, whatever the case.
    Name,
    /// Most symbols first.
    Symbols,
}

/// Which docpacks of the commons are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommonsFilter {
    /// Address of a repository in lower case: all of its docpacks are listed, and otherwise the newest of each.
    pub address: Option<String>,
    /// Name of a person or organisation that owns repositories.
    pub repository_owner: Option<String>,
    /// Part of the repository's name, whatever the case.
    pub name: Option<String>,
    pub order: CommonsOrder,
}

/// The last item of a page of the commons: what it is ordered by, and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonsCursor {
    pub rank: String,
    pub id: String,
}

impl CommonsCursor {
    /// Returns the place of a docpack.
    pub fn of(row: &DocpackRow, order: CommonsOrder) -> Self {
        let rank = match order {
            CommonsOrder::Newest => row.created_at.to_string(),
            CommonsOrder::Name => row.name.to_lowercase(),
            CommonsOrder::Symbols => row.statistics.symbol_count.to_string(),
        };
        Self { rank, id: row.id.clone() }
    }

    fn number(&self) -> i64 {
        self.rank.parse().unwrap_or(i64::MAX)
    }
}

impl fmt::Display for CommonsCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &format!("{}/{}", self.id, self.rank))
    }
}

impl FromStr for CommonsCursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let text = read_hex(text)?;
        let (id, rank) = text.split_once('/').ok_or(CursorError)?;
        if id.is_empty() || text.contains('\0') {
            return Err(CursorError);
        }
        Ok(Self { rank: rank.to_owned(), id: id.to_owned() })
    }
}

/// Conditions that every order shares: of a tenant, for everybody, and the newest of its repository unless one is named.
macro_rules! list {
    ($after:literal, $order:literal) => {
        concat!(
            "SELECT * FROM docpacks WHERE owner = $1 AND is_public = 1 AND ($2 = '' OR address = $2) \
             AND ($3 = '' OR address LIKE $4 ESCAPE '\\') AND ($5 = '' OR LOWER(name) LIKE $6 ESCAPE '\\') \
             AND ($2 <> '' OR NOT EXISTS (SELECT 1 FROM docpacks AS later WHERE later.owner = docpacks.owner \
             AND later.address = docpacks.address AND later.is_public = 1 \
             AND (later.created_at > docpacks.created_at \
             OR (later.created_at = docpacks.created_at AND later.id > docpacks.id)))) AND ",
            $after,
            " ORDER BY ",
            $order,
            " LIMIT $9"
        )
    };
}

impl Ledger {
    /// Lists docpacks of a tenant that everybody may read, after the cursor.
    pub async fn commons(
        &self,
        owner: &str,
        filter: &CommonsFilter,
        after: Option<&CommonsCursor>,
        limit: u32,
    ) -> Result<Vec<DocpackRow>, LedgerError> {
        let text = |part: &Option<String>| part.as_deref().unwrap_or_default().to_lowercase();
        let (address, repository_owner, name) =
            (text(&filter.address), text(&filter.repository_owner), text(&filter.name));
        let statement = match filter.order {
            CommonsOrder::Newest => {
                list!("(created_at < $7 OR (created_at = $7 AND id < $8))", "created_at DESC, id DESC")
            }
            CommonsOrder::Symbols => {
                list!("(n_symbols < $7 OR (n_symbols = $7 AND id < $8))", "n_symbols DESC, id DESC")
            }
            CommonsOrder::Name => {
                list!("(LOWER(name) > $7 OR (LOWER(name) = $7 AND id > $8))", "LOWER(name), id")
            }
        };
        let asked = query(statement)
            .bind(owner)
            .bind(&address)
            .bind(&repository_owner)
            .bind(format!("%://%/{}/%", escaped(&repository_owner)))
            .bind(&name)
            .bind(format!("%{}%", escaped(&name)));
        let id = after.map(|it| it.id.clone()).unwrap_or_default();
        let asked = match filter.order {
            CommonsOrder::Name => asked.bind(after.map(|it| it.rank.clone()).unwrap_or_default()).bind(id),
            CommonsOrder::Newest | CommonsOrder::Symbols => {
                asked.bind(after.map_or(i64::MAX, CommonsCursor::number)).bind(id)
            }
        };
        let rows = asked.bind(i64::from(limit)).fetch_all(&self.pool).await?;
        Ok(rows.iter().map(DocpackRow::read).collect::<Result<_, _>>()?)
    }

    /// Records who may read a docpack: everybody, or nobody at all.
    pub async fn set_readers(
        &self,
        owner: &str,
        id: &str,
        is_public: bool,
        is_withdrawn: bool,
    ) -> Result<(), LedgerError> {
        query("UPDATE docpacks SET is_public = $3, is_withdrawn = $4 WHERE owner = $1 AND id = $2")
            .bind(owner)
            .bind(id)
            .bind(i64::from(is_public))
            .bind(i64::from(is_withdrawn))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Names the docpacks of a repository, by its address in lower case.
    pub async fn docpacks_at(&self, owner: &str, address: &str) -> Result<Vec<String>, LedgerError> {
        let ids = sqlx::query_scalar("SELECT id FROM docpacks WHERE owner = $1 AND address = $2 ORDER BY id");
        Ok(ids.bind(owner).bind(address).fetch_all(&self.pool).await?)
    }

    /// Takes repositories that nobody looked at since `before`, so that no other process looks at them too.
    ///
    /// Returns their addresses in lower case, at most `limit`.
    pub async fn take_looks(
        &self,
        owner: &str,
        before: u64,
        now: u64,
        limit: u32,
    ) -> Result<Vec<String>, LedgerError> {
        let due: Vec<String> = sqlx::query_scalar(
            "SELECT address FROM docpacks WHERE owner = $1 AND address <> '' AND looked_at < $2 \
             GROUP BY address ORDER BY MIN(looked_at), address LIMIT $3",
        )
        .bind(owner)
        .bind(signed(before))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        let mut taken = Vec::new();
        for address in due {
            if self.set_looked(owner, &address, before, now).await? {
                taken.push(address);
            }
        }
        Ok(taken)
    }

    /// Records when a repository was looked at, such as earlier than now for a look that failed and is due again soon.
    pub async fn set_look(&self, owner: &str, address: &str, looked_at: u64) -> Result<(), LedgerError> {
        query("UPDATE docpacks SET looked_at = $3 WHERE owner = $1 AND address = $2")
            .bind(owner)
            .bind(address)
            .bind(signed(looked_at))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn set_looked(
        &self,
        owner: &str,
        address: &str,
        before: u64,
        now: u64,
    ) -> Result<bool, LedgerError> {
        let set =
            query("UPDATE docpacks SET looked_at = $3 WHERE owner = $1 AND address = $2 AND looked_at < $4");
        let set = set.bind(owner).bind(address).bind(signed(now)).bind(signed(before));
        Ok(set.execute(&self.pool).await?.rows_affected() > 0)
    }

    /// Counts the jobs that an account ordered and that are not over.
    pub async fn count_running(&self, account: &str) -> Result<u64, LedgerError> {
        let n: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM orders JOIN jobs ON jobs.owner = orders.owner AND jobs.id = orders.job_id \
             WHERE orders.account = $1 AND jobs.is_over = 0",
        )
        .bind(account)
        .fetch_one(&self.pool)
        .await?;
        Ok(n.unsigned_abs())
    }
}

/// Returns the address that a repository's docpacks share, whatever the ref and the case.
pub fn address_of(repo_url: &str) -> String {
    repo_url.to_lowercase()
}
