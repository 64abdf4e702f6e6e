import { readFileSync, rmSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isAlive, markOf, type ProcessMark } from './process-mark.ts'
import { StartError } from './start-error.ts'

/**
 * Takes the data folder for this process; the lock of a start that is no more is taken over. Returns how to give it back,
 * also usable when the process exits. Throws StartError `data-locked`.
 */
export async function lockData(folder: string): Promise<() => void> {
  const file = path.join(folder, 'lock')
  const mine = JSON.stringify(markOf(process.pid))
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new StartError(
      'data-folder',
      {
        vi: `Không tạo được thư mục dữ liệu ${folder}; hãy kiểm tra quyền, hoặc đặt IMOIT_DATA tới thư mục khác.`,
        en: `The data folder ${folder} cannot be made; check who may write there, or point IMOIT_DATA elsewhere.`,
      },
      cause,
    )
  })
  for (;;) {
    try {
      await writeFile(file, mine, { flag: 'wx' })
      return () => release(file, mine)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = await readHolder(file)
    if (holder !== null && isAlive(holder)) {
      throw new StartError('data-locked', {
        vi: `Thư mục dữ liệu ${folder} đang được một iMOIT khác dùng (PID ${holder.pid}); hãy dừng nó trước, hoặc đặt IMOIT_DATA tới thư mục khác.`,
        en: `The data folder ${folder} is in use by another iMOIT (PID ${holder.pid}); stop that one first, or point IMOIT_DATA to another folder.`,
      })
    }
    await rm(file, { force: true })
  }
}

/** Null for a lock that a crash left half written. */
async function readHolder(file: string): Promise<ProcessMark | null> {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    return JSON.parse(text) as ProcessMark
  } catch {
    return null
  }
}

function release(file: string, mine: string): void {
  try {
    if (readFileSync(file, 'utf8') === mine) rmSync(file, { force: true })
  } catch (error) {
    // Whoever cleared the whole data folder took the lock with it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
