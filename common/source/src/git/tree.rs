//! The tree of a commit in path order, from objects alone.

use gix::ObjectId;
use gix::objs::tree::{EntryKind, EntryMode};

use super::{TreeAt, broken, open_repository};
use crate::entry::SkipReason;
use crate::failure::SourceError;
use crate::intake::Intake;
use crate::path::escape;

/// One entry on the way: the stack holds siblings in reverse, so that paths come in byte order.
struct Node {
    path: Vec<u8>,
    mode: EntryMode,
    id: ObjectId,
}

/// Reads every file of the commit; links, submodules and what the filters rule out stay objects.
pub(crate) fn read_tree(tree: &TreeAt, intake: &mut Intake<'_>) -> Result<(), SourceError> {
    read_objects(tree, intake).map_err(|error| tree.blame(error))
}

fn read_objects(tree: &TreeAt, intake: &mut Intake<'_>) -> Result<(), SourceError> {
    let repo = open_repository(&tree.git_dir)?;
    let commit = repo.find_object(tree.commit).and_then(|object| object.peel_to_commit()).map_err(broken)?;
    let mut stack = children(&repo, b"", root_of(&commit, &tree.folder)?)?;
    let mut n_nodes = 0;
    while let Some(node) = stack.pop() {
        // Folders count too: a few objects can describe billions of empty ones.
        n_nodes += 1;
        if n_nodes > intake.limits().max_entries.saturating_mul(2) {
            return Err(SourceError::TooManyFiles { limit: intake.limits().max_entries });
        }
        match node.mode.kind() {
            EntryKind::Tree if node.path.len() > intake.limits().max_path_bytes => {
                intake.skip(escape(&node.path), SkipReason::UnsupportedPath)?;
            }
            EntryKind::Tree => {
                if intake.enter(&escape(&node.path))? {
                    stack.extend(children(&repo, &node.path, node.id)?);
                }
            }
            EntryKind::Commit => intake.skip(format!("{}/", escape(&node.path)), SkipReason::Submodule)?,
            EntryKind::Link => {
                if let Some(path) = intake.admit(&node.path)? {
                    let text = repo.try_find_object(node.id).map_err(broken)?;
                    intake.link(path, text.as_ref().map_or(&[], |text| &text.data))?;
                }
            }
            EntryKind::Blob | EntryKind::BlobExecutable => {
                if let Some(path) = intake.admit(&node.path)? {
                    read_blob(&repo, path, node.id, intake)?;
                }
            }
        }
    }
    Ok(())
}

/// Looks at an object's size before it is inflated; one that was left out of the fetch was too large.
fn read_blob(
    repo: &gix::Repository,
    path: String,
    id: ObjectId,
    intake: &mut Intake<'_>,
) -> Result<(), SourceError> {
    let Some(header) = repo.try_find_header(id).map_err(broken)? else {
        return intake.skip(path, SkipReason::TooLarge);
    };
    if header.size() > intake.limits().max_file_bytes {
        return intake.skip(path, SkipReason::TooLarge);
    }
    let blob = repo.find_blob(id).map_err(broken)?;
    intake
        .file(path, blob.data.len() as u64, &mut blob.data.as_slice())
        .map_err(|error| error.or_body(broken))
}

fn root_of(commit: &gix::Commit<'_>, folder: &str) -> Result<ObjectId, SourceError> {
    let tree = commit.tree().map_err(broken)?;
    if folder.is_empty() {
        return Ok(tree.id);
    }
    let entry = tree.lookup_entry_by_path(folder).map_err(broken)?;
    match entry.filter(|entry| entry.mode().is_tree()) {
        Some(entry) => Ok(entry.object_id()),
        None => Err(SourceError::PathNotFound { path: folder.to_owned() }),
    }
}

/// Lists a tree's entries in reverse byte order of their full paths.
fn children(repo: &gix::Repository, parent: &[u8], id: ObjectId) -> Result<Vec<Node>, SourceError> {
    let tree = repo.find_tree(id).map_err(broken)?;
    let mut nodes = Vec::new();
    for entry in tree.iter() {
        let entry = entry.map_err(broken)?;
        let mut path = parent.to_vec();
        if !parent.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(entry.filename());
        nodes.push(Node { path, mode: entry.mode(), id: entry.object_id() });
    }
    // git sorts a folder as if its name ended in `/`, which is the byte order of full paths.
    nodes.reverse();
    Ok(nodes)
}

/// Visits every file, link and submodule of the whole tree, without filters or limits.
///
/// For the user's own checkout only; the order is unspecified.
pub(crate) fn walk_all(
    commit: &gix::Commit<'_>,
    visit: &mut dyn FnMut(&[u8], EntryMode, ObjectId),
) -> Result<(), SourceError> {
    let files = commit.tree().and_then(|tree| tree.traverse().breadthfirst.files()).map_err(broken)?;
    for file in files.iter().filter(|file| !file.mode.is_tree()) {
        visit(&file.filepath, file.mode, file.oid);
    }
    Ok(())
}
