//! The API's own process: jobs in S3 and SQS, a ledger in PostgreSQL.

use std::process::ExitCode;

fn main() -> ExitCode {
    doctown_trigger::process::main()
}
