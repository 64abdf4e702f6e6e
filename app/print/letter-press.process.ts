import { letterPaper, type Letter } from './letter-paper.ts'

/** When the one who asked is gone meanwhile, nobody reads the answer and there is nothing left to do. */
const answer = (message: { pdf: Buffer } | { error: string }) =>
  process.send?.(message, undefined, undefined, (gone) => {
    if (gone) process.exit(0)
  })

/** The press's own process: a letter comes in, its PDF goes out. It ends with the one that started it. */
process.on('message', ({ letter }: { letter: Letter }) => {
  letterPaper(letter).then(
    (pdf) => answer({ pdf }),
    (error: unknown) => answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
