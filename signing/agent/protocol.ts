import { z } from 'zod'

/**
 * What an iMOIT page and the agent on the signer's machine say to each other, as JSON over a WebSocket on this machine
 * alone. The page asks, the agent answers; every request has a nonce of its own that is good once.
 */
export const AGENT_PORT = 28_987
export const AGENT_PROTOCOL = 1
export const MAX_DOCUMENTS = 200

const nonce = z.string().regex(/^[0-9a-f]{32,64}$/)
const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/)

export const agentRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('certificates'), nonce }),
  z.object({
    type: z.literal('sign'),
    nonce,
    /** SHA-256 of the certificate, hexadecimal. */
    certificate: z.string().regex(/^[0-9a-f]{64}$/),
    documents: z
      .array(
        z.object({
          id: z.string().min(1).max(200),
          name: z.string().min(1).max(500),
          documentDigest: z.string().regex(/^[0-9a-f]{64,128}$/),
          digestAlgorithm: z.enum(['sha256', 'sha384', 'sha512']),
          /** The signed attributes of a PDF's signature (DER), or the canonical SignedInfo of an XML message; base64. */
          toBeSigned: base64.max(8_000),
        }),
      )
      .min(1)
      .max(MAX_DOCUMENTS),
  }),
])
export type AgentRequest = z.infer<typeof agentRequest>
export type DocumentToSign = Extract<AgentRequest, { type: 'sign' }>['documents'][number]

export interface AgentFault {
  code: string
  vi: string
  en: string
}

export type AgentAnswer =
  | { type: 'hello'; protocol: number; name: string }
  | { type: 'certificates'; nonce: string; certificates: string[]; warning?: { vi: string; en: string } }
  /** One document of a `sign` request is done, well or badly; the others go on. */
  | { type: 'signed'; nonce: string; id: string; value: string }
  | { type: 'failed'; nonce: string; id: string; fault: AgentFault }
  /** No more answers to this request. */
  | { type: 'done'; nonce: string; signed: number; failed: number }
  /** The request as a whole was refused. */
  | { type: 'refused'; nonce?: string; fault: AgentFault }
