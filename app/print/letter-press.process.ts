import { letterPaper, type Letter } from './letter-paper.ts'

/** The press's own process: a letter comes in, its PDF goes out. It ends with the one that started it. */
process.on('message', ({ letter }: { letter: Letter }) => {
  letterPaper(letter).then(
    (pdf) => process.send?.({ pdf }),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
