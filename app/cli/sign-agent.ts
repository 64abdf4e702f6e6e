import { runAgent } from '#signing/agent/agent.ts'
import { AGENT_PORT } from '#signing/agent/protocol.ts'
import { terminalPerson } from '#signing/agent/terminal-person.ts'
import { Token } from '#signing/keys/pkcs11.ts'
import { softHsmLibrary } from '#signing/keys/software-token.ts'
import { pinWarning } from '#signing/keys/token-state.ts'
import { SigningError } from '#signing/signing-error.ts'
import type { Language } from '../language.ts'

export interface AgentCommandOptions {
  origin: string[]
  library?: string
  token?: string
  port?: string
}

/** Runs the agent for the token of this machine until it is stopped. Answers with what to tell at the start. */
export async function startSignAgent(options: AgentCommandOptions, language: Language): Promise<string> {
  const library = options.library ?? process.env.IMOIT_PKCS11_LIBRARY ?? softHsmLibrary()
  if (!library)
    throw new SigningError('token-library', 503, {
      vi: 'Chưa biết thư viện PKCS#11 của thiết bị ký. Hãy nêu bằng --library hoặc đặt IMOIT_PKCS11_LIBRARY.',
      en: 'The PKCS#11 library of the token is not known. Name it with --library or set IMOIT_PKCS11_LIBRARY.',
    })
  const open = () => Token.open({ library, label: options.token })
  const agent = await runAgent({
    token: () => {
      const token = open()
      return {
        certificates: () => token.certificates(),
        warning: () => pinWarning(token.info().pin),
        unlock: (pin) => token.unlock(pin),
      }
    },
    person: terminalPerson(language),
    origins: options.origin,
    port: Number(options.port ?? AGENT_PORT),
  })
  const { origin } = options
  return language === 'vi'
    ? `Chương trình ký đang chờ tại ${agent.url} cho ${origin.join(', ')}. Nhấn Ctrl+C để dừng.`
    : `The signing program waits at ${agent.url} for ${origin.join(', ')}. Press Ctrl+C to stop it.`
}
