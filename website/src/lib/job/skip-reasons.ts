/** What a reason for leaving a file out means, by its stable word; a word that is not known stands for itself. */
export const SKIP_REASONS: Readonly<Record<string, string>> = {
  ignored_directory: 'a folder of tools, dependencies or build output',
  lock_file: 'exact versions, written down by a package manager',
  vendored: 'somebody else’s code, copied in',
  generated: 'written by a program',
  minified: 'lines too long to have been written by hand',
  binary: 'no text',
  too_large: 'past the limit for one file',
  not_utf8: 'text in another encoding than UTF-8',
  symlink: 'links are not followed',
  special_file: 'a hard link, device, pipe or socket',
  submodule: 'a commit of another repository',
  unsupported_path: 'a path that is absolute, climbs, is too long or not clean UTF-8',
  excluded: 'matches a pattern of “No files like”',
  not_included: 'matches no pattern of “Only files like”',
  lfs_pointer: 'a pointer to a file that is stored elsewhere',
  secret_file: 'likely to hold a key or a password',
  unsupported_language: 'in a language that is not read',
  unreadable: 'was listed and could not be read'
};
