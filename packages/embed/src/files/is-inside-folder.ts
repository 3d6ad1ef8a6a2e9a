/**
 * Whether a relative path with forward slashes stays inside the folder it starts from, on any system:
 * not absolute, no drive, no backslash, no empty, `.` or `..` part, no control character.
 */
export function isInsideFolder(path: string): boolean {
  if (/[\\:\p{Cc}]/u.test(path)) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}
