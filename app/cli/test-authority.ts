import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { EvidenceServices } from '#signing/evidence.ts'
import { httpRevocationSource } from '#signing/services/revocation-source.ts'
import { keptAuthority, type KeptAuthority } from '#signing/test-authority/kept-authority.ts'
import { serveTestAuthority } from '#signing/test-authority/server.ts'
import { readSettings } from '../start/settings.ts'

/** The data folder's test authority with its servers on loopback, for as long as the work takes. */
export async function withTestAuthority<T>(
  env: NodeJS.ProcessEnv,
  work: (kept: KeptAuthority, services: EvidenceServices) => Promise<T>,
): Promise<T> {
  const kept = await openTestAuthority(env)
  const server = await serveTestAuthority(kept.authority)
  try {
    return await work(kept, {
      trust: kept.authority.trust(),
      timeStamp: { url: server.timeStampUrl },
      revocation: httpRevocationSource({ ocsp: [server.ocspUrl], crls: [server.crlUrl, server.rootCrlUrl] }),
    })
  } finally {
    await server.close()
  }
}

async function openTestAuthority(env: NodeJS.ProcessEnv): Promise<KeptAuthority> {
  const { dataFolder } = readSettings(env)
  await mkdir(dataFolder, { recursive: true })
  return keptAuthority(path.join(dataFolder, 'test-authority'))
}

/** Writes `root.pem`, `issuing.pem` and `crl.pem` into a folder, for other validators. Answers with their paths. */
export async function exportTestAuthority(env: NodeJS.ProcessEnv, folder: string): Promise<string[]> {
  const { authority } = await openTestAuthority(env)
  await mkdir(folder, { recursive: true })
  const paths: string[] = []
  for (const [name, text] of Object.entries(authority.pems())) {
    const to = path.join(folder, name)
    await writeFile(to, text)
    paths.push(to)
  }
  return paths
}
