import { z } from 'zod'

/**
 * Fields that several forms share. Messages are keys of the `tasks` translations; the page shows them beside the field in the
 * person's language.
 */
const required = 'tasks:error.required'

export const text = (max: number) =>
  z.string({ error: required }).trim().min(1, { error: required }).max(max, { error: 'tasks:error.tooLong' })
export const optionalText = (max: number) =>
  z
    .string()
    .trim()
    .max(max, { error: 'tasks:error.tooLong' })
    .optional()
    .transform((value) => (value ? value : null))

/** Why something goes back: long enough to be a reason. */
export const reason = z
  .string({ error: 'tasks:error.reasonRequired' })
  .trim()
  .min(10, { error: 'tasks:error.reasonTooShort' })
  .max(1000, { error: 'tasks:error.tooLong' })

export const postId = z.uuid({ error: 'tasks:error.choosePerson' })
export const unitCode = z
  .string({ error: 'tasks:error.chooseUnit' })
  .regex(/^[A-Z]{2,10}$/, { error: 'tasks:error.chooseUnit' })
export const unitCodes = z.array(unitCode).max(60).default([])
export const agencyCodes = z
  .array(z.string().regex(/^[0-9A-Z.]{3,35}$/, { error: 'tasks:error.chooseAgency' }))
  .max(200)
  .default([])
export const day = z.iso.date({ error: 'tasks:error.notADay' })
export const optionalDay = z
  .union([z.literal(''), day])
  .optional()
  .transform((value) => (value ? value : null))
/** A deadline in words or as a day; `parseDeadline` reads it. */
export const deadline = z
  .string({ error: required })
  .trim()
  .min(1, { error: required })
  .max(60, { error: 'tasks:error.notADeadline' })
export const optionalCount = (max: number) =>
  z.coerce
    .number({ error: 'tasks:error.notANumber' })
    .int({ error: 'tasks:error.notANumber' })
    .min(1)
    .max(max, { error: 'tasks:error.notANumber' })
    .nullable()
    .optional()
    .transform((value) => value ?? null)
export const sha256 = z.string({ error: required }).regex(/^[0-9a-f]{64}$/, { error: required })
