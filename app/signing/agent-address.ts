import { AGENT_PORT } from '#signing/agent/protocol.ts'

/** Where pages find the signing program on the signer's own machine; `IMOIT_AGENT_PORT` for offices that run it on another port. */
export const agentUrl = `ws://127.0.0.1:${Number(process.env.IMOIT_AGENT_PORT) || AGENT_PORT}`
