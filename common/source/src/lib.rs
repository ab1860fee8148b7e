//! A repository URL, folder or archive to a stream of files.
