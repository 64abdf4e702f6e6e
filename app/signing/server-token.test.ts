import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { softHsmLibrary } from '#signing/keys/software-token.ts'
import { answerOf } from '#test/fixtures/office-at-work.ts'
import { signingOffice, type SigningOffice } from '#test/fixtures/signing-office.ts'
import { tokenFor } from '#test/fixtures/signing-web.ts'
import { action as complete, loader as taskPage } from '../routes/_app.tasks.$taskId.tsx'
import type { SentBack } from '../tasks/entered.tsx'

let signing: SigningOffice
const before = { ...process.env }

const library = softHsmLibrary()
describe.skipIf(!library)('a token at the server (skipped where SoftHSM2 is not installed)', () => {
  beforeAll(async () => {
    signing = await signingOffice()
    await tokenFor(signing, 'deputy')
    process.env.IMOIT_PKCS11_LIBRARY = library
    process.env.IMOIT_PKCS11_TOKEN = 'deputy'
  }, 60_000)
  afterAll(async () => {
    for (const name of ['IMOIT_PKCS11_LIBRARY', 'IMOIT_PKCS11_TOKEN'] as const)
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = before[name]
    await signing?.close()
  })

  it('says that a PIN was wrong and warns before the next try, and signs with the right one', async () => {
    const { office } = signing
    const { taskId, sha256 } = await signing.waitingForSignature('Văn bản ký bằng thiết bị của máy chủ')
    const send = async (pin: string) =>
      answerOf(
        complete(
          office.asking(
            'deputy',
            `/tasks/${taskId}`,
            { taskId },
            { key: randomUUID(), outcome: 'signed', sha256, pin },
          ),
        ),
      )
    const offer = async () =>
      (await taskPage(office.asking('deputy', `/tasks/${taskId}`, { taskId }))).signing?.certificates[0]
    expect(await offer()).toMatchObject({ keyPlace: 'server', warning: null })
    const { refusal } = (await send('999999')).data as SentBack
    expect(refusal).toMatchObject({
      code: 'pin-wrong',
      sentence: { vi: expect.stringContaining('Mã PIN không đúng') as string },
    })
    expect((await offer())?.warning?.vi).toContain('còn ít lần thử')
    expect(await send('123456')).toMatchObject({ status: 302 })
  })

  it('that is not plugged in is said before anybody types a PIN', async () => {
    const { office } = signing
    const { taskId } = await signing.waitingForSignature('Văn bản khi rút thiết bị')
    process.env.IMOIT_PKCS11_TOKEN = 'another'
    const page = await taskPage(office.asking('deputy', `/tasks/${taskId}`, { taskId }))
    expect(page.signing?.certificates[0]?.warning?.vi).toContain('Không thấy thiết bị ký')
    process.env.IMOIT_PKCS11_TOKEN = 'deputy'
  })
})
