import { readFileSync } from 'node:fs'

/**
 * A process told apart from a later one with the same number: after a crash or in a restarted container the number alone
 * often belongs to somebody else.
 */
export interface ProcessMark {
  pid: number
  /** Boot and start tick where the system tells them (Linux), otherwise null. */
  born: string | null
}

export function markOf(pid: number): ProcessMark {
  return { pid, born: bornOf(pid) }
}

/** Whether the very process that was marked still runs. */
export function isAlive(mark: ProcessMark): boolean {
  if (!runs(mark.pid)) return false
  if (mark.born === null) return true
  const born = bornOf(mark.pid)
  return born === null || born === mark.born
}

/** Whether any process has this number. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return !isZombie(pid)
}

function isZombie(pid: number): boolean {
  return statOf(pid)?.[0] === 'Z'
}

function bornOf(pid: number): string | null {
  const startTick = statOf(pid)?.[19]
  if (startTick === undefined) return null
  const boot = read('/proc/sys/kernel/random/boot_id')
  return `${boot?.trim() ?? ''}:${startTick}`
}

/** The fields of /proc/<pid>/stat after the command's name, which may itself hold blanks and brackets. */
function statOf(pid: number): string[] | null {
  const stat = read(`/proc/${pid}/stat`)
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Null where the file is not there or not ours to read: then the number alone has to do. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
