import { z } from 'zod'
import { delegationKinds, type NewDelegation } from '#db/delegations.ts'
import { Refusal } from '#db/refusal.ts'

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/)
const given = z.object({
  fromPost: z.uuid(),
  toPerson: z.uuid(),
  kind: z.enum(delegationKinds),
  validFrom: day,
  validUntil: z.union([z.literal('').transform(() => null), day]),
  basis: z.string().trim().min(3).max(500),
})

/** A right to sign as its form gives it. @throws Refusal beside each field that is missing or wrong */
export function readDelegation(form: FormData, kinds: readonly { code: string }[]): NewDelegation {
  const parsed = given.safeParse(Object.fromEntries(form))
  if (!parsed.success) throw incomplete(parsed.error.issues.map((issue) => String(issue.path[0])))
  const ticked = new Set(form.getAll('kindCode'))
  const kindCodes = kinds.flatMap(({ code }) => (ticked.has(code) ? [code] : []))
  return { ...parsed.data, kindCodes: kindCodes.length > 0 ? kindCodes : null }
}

export function incomplete(fields: string[]): Refusal {
  const missing = { vi: 'Chưa điền hoặc điền chưa đúng.', en: 'Missing or not right.' }
  return new Refusal(
    'form-incomplete',
    422,
    {
      vi: 'Còn mục chưa điền đúng nên chưa lưu. Hãy xem các mục được đánh dấu.',
      en: 'Something is missing or not right, so this was not kept. See the fields that are marked.',
    },
    Object.fromEntries(fields.map((field) => [field, missing])),
  )
}
