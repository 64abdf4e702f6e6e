import { once } from 'node:events'

/** Writes lines to standard output, and waits where whoever reads them is slower. */
export async function print(lines: string | string[]): Promise<void> {
  if (!process.stdout.write(`${[lines].flat().join('\n')}\n`)) await once(process.stdout, 'drain')
}

/** `imoit … | head` is no fault: whoever reads has had enough. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}
