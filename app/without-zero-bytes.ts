import { Transform } from 'node:stream'

/**
 * Lets a page through without its zero bytes. React 18 fills the rest of a full buffer with them where a letter of several
 * bytes no longer fits (facebook/react#31134); browsers show "��" for them in attributes, and a form would send that back.
 */
export function withoutZeroBytes(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, chunk.includes(0) ? chunk.filter((byte) => byte !== 0) : chunk)
    },
  })
}
