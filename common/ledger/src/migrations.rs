//! The tables, up and down, as files.

use database::{Step, Tables};

pub(crate) const TABLES: Tables = Tables {
    steps_table: "_sqlx_migrations",
    steps: &[
        Step {
            version: 1,
            name: "first",
            up: include_str!("../migrations/0001_first.up.sql"),
            down: include_str!("../migrations/0001_first.down.sql"),
        },
        Step {
            version: 2,
            name: "options",
            up: include_str!("../migrations/0002_options.up.sql"),
            down: include_str!("../migrations/0002_options.down.sql"),
        },
        Step {
            version: 3,
            name: "orders",
            up: include_str!("../migrations/0003_orders.up.sql"),
            down: include_str!("../migrations/0003_orders.down.sql"),
        },
        Step {
            version: 4,
            name: "commons",
            up: include_str!("../migrations/0004_commons.up.sql"),
            down: include_str!("../migrations/0004_commons.down.sql"),
        },
    ],
};
