import { setTimeout as wait } from 'node:timers/promises'
import { dueCertificateWarnings, noteCertificateWarned } from '#db/certificate-warnings.ts'
import { MailError } from '#mail/mail-error.ts'
import { sendLetter } from '#mail/send.ts'
import { certificateEnds } from '#mail/templates/certificate.ts'
import type { Logger } from './log.ts'
import type { Outside } from './outside.ts'

const FIRST_AFTER_MS = 10_000
const EVERY_MS = 3_600_000
/** A mail server that is away is tried again sooner. */
const RETRY_MS = 60_000

type Post = Pick<Outside, 'db' | 'smtp' | 'environment'>

/**
 * Writes to holders whose certificate ends within 60 days, once. The certificate itself is the outbox: it is noted when the mail server has
 * taken the letter, and a repeat after a crash carries the same Message-ID.
 * @returns how many letters were taken
 */
export async function sendCertificateLetters({ db, smtp, environment }: Post, log: Logger): Promise<number> {
  let sent = 0
  for (const warning of await dueCertificateWarnings(db)) {
    for (const { personId, fullName, email, language } of warning.addressees) {
      const wording = certificateEnds({
        language,
        to: fullName,
        holder: language === 'vi' ? warning.holder : warning.holderEn,
        serial: warning.serial,
        notAfter: warning.notAfter,
        url: environment.publicUrl,
      })
      try {
        await sendLetter(smtp, {
          from: { name: 'iMOIT', address: `imoit@${environment.mailDomain}` },
          to: [{ name: fullName, address: email }],
          ...wording,
          messageId: `<certificate.${warning.certificateId}.${personId}@${environment.mailDomain}>`,
          date: Date.now(),
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        sent += 1
      } catch (error) {
        // An address that is refused for good must not keep everybody else from their letters, nor be tried for ever.
        if (!(error instanceof MailError && error.permanent)) throw error
        log.warn({ err: error, certificateId: warning.certificateId }, 'a letter about a certificate was refused')
      }
    }
    await noteCertificateWarned(db, warning.certificateId)
  }
  return sent
}

/** Looks for certificates that end soon, each hour. */
export function startCertificateLetters(post: Post, log: Logger): { stop(): Promise<void> } {
  const ending = new AbortController()
  const rest = (ms: number) => wait(ms, undefined, { signal: ending.signal }).catch(() => undefined)
  const loop = async () => {
    await rest(FIRST_AFTER_MS)
    while (!ending.signal.aborted) {
      let pause = EVERY_MS
      try {
        await sendCertificateLetters(post, log)
      } catch (error) {
        log.warn({ err: error }, 'letters about certificates could not be sent and are sent later')
        pause = RETRY_MS
      }
      await rest(pause)
    }
  }
  const running = loop()
  return {
    async stop() {
      ending.abort()
      await running
    },
  }
}
