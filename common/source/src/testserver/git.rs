//! Git over HTTP, answered by the git program itself.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::answer::{Answer, Request};

pub(super) fn answer(folder: &Path, action: &str, request: &Request) -> io::Result<Answer> {
    match (request.method.as_str(), action) {
        ("GET", "info/refs") if request.query == "service=git-upload-pack" => {
            let mut body = b"001e# service=git-upload-pack\n0000".to_vec();
            body.extend(upload_pack(folder, &["--http-backend-info-refs"], request)?);
            Ok(Answer::body("application/x-git-upload-pack-advertisement", body))
        }
        ("POST", "git-upload-pack") => {
            Ok(Answer::body("application/x-git-upload-pack-result", upload_pack(folder, &[], request)?))
        }
        _ => Ok(Answer::status(404)),
    }
}

/// Runs upload-pack for one request; settings come from the repository alone.
fn upload_pack(folder: &Path, options: &[&str], request: &Request) -> io::Result<Vec<u8>> {
    let mut command = Command::new("git");
    command.args(["-c", "safe.directory=*", "upload-pack", "--stateless-rpc"]).args(options).arg(folder);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.env("GIT_PROTOCOL", request.git_protocol.as_deref().unwrap_or_default());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // Requests are a few hundred bytes, so this never waits for the answer to be read.
        stdin.write_all(&request.body)?;
    }
    Ok(child.wait_with_output()?.stdout)
}
