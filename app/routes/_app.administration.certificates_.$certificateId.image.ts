import { certificateImage } from '#db/certificates.ts'
import { notFound } from '#db/refusal.ts'
import { guardedLoader } from '../guard.server.ts'

/** The image that is drawn where the holder of a certificate signs. */
export const loader = guardedLoader('administration:read', async ({ db, params }) => {
  const image = await certificateImage(db.sql, params.certificateId ?? '')
  if (!image) throw notFound()
  return new Response(new Uint8Array(image), {
    headers: { 'Content-Type': 'image/png', 'Cache-Control': 'private, no-cache', 'Content-Disposition': 'inline' },
  })
})
