/** Explains each reason for skipping a file; an unknown reason is shown as it is. */
export const SKIP_REASONS: Readonly<Record<string, string>> = {
  ignored_directory: 'folder of tools, dependencies or build output',
  lock_file: 'exact versions recorded by a package manager',
  vendored: 'third-party code copied into the repository',
  generated: 'machine-generated',
  minified: 'minified: lines too long to be written by hand',
  binary: 'not a text file',
  too_large: 'larger than the limit for one file',
  not_utf8: 'not UTF-8 text',
  symlink: 'links are not followed',
  special_file: 'hard link, device, pipe or socket',
  submodule: 'commit of another repository',
  unsupported_path: 'path is absolute, too long, not UTF-8, or leads out of the repository',
  excluded: 'matches a pattern in “Exclude files”',
  not_included: 'matches no pattern in “Include files”',
  lfs_pointer: 'pointer to a file stored elsewhere (Git LFS)',
  secret_file: 'likely to contain a key or a password',
  unsupported_language: 'language not supported',
  unreadable: 'could not be read'
};
