import { spawnSync } from 'node:child_process'

/** Takes a file out of the page cache; says whether that went well. Linux only. */
export const dropCache = (path) =>
  spawnSync('dd', [`of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0']).status === 0
