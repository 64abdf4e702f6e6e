import { homedir } from 'node:os'
import path from 'node:path'

/** Where what was fetched or built once is kept for every copy of the project: `$XDG_CACHE_HOME/imoit`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'imoit')
}
