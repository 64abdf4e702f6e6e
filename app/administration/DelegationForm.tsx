import { Button } from '@mantine/core'
import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { SignerChoice } from '#db/delegations.ts'
import type { Sentence } from '#db/refusal.ts'
import { SelectField, TextField } from '../components/Field.tsx'
import { usePick } from '../viewer.ts'

const KINDS = ['KT', 'TL', 'TUQ'] as const

/** Who signs for whom, in which form, until when and by what paper (NĐ 30/2020 Điều 13). */
export function DelegationForm({
  signers,
  kinds,
  today,
  fields = {},
}: {
  signers: readonly SignerChoice[]
  kinds: readonly { code: string; name: string; nameEn: string }[]
  /** The office's day. */
  today: string
  fields?: Record<string, Sentence>
}) {
  const { t } = useTranslation('trust')
  const pick = usePick()
  const nameOf = (one: SignerChoice) =>
    `${one.fullName}, ${pick(one.title, one.titleEn)} (${pick(one.unitName, one.unitNameEn)})`
  const people = signers.filter((one, index) => signers.findIndex((other) => other.personId === one.personId) === index)
  return (
    <details className="panel trust-enter" open={Object.keys(fields).length > 0 ? true : undefined}>
      <summary>{t('delegations.give')}</summary>
      <Form method="post" className="delegation-form">
        <SelectField
          name="fromPost"
          label={t('delegations.from')}
          empty={t('choose')}
          choices={signers.map((one) => ({ value: one.postId, label: nameOf(one) }))}
          error={fields.fromPost}
          required
        />
        <SelectField
          name="toPerson"
          label={t('delegations.to')}
          empty={t('choose')}
          choices={people.map((one) => ({ value: one.personId, label: nameOf(one) }))}
          error={fields.toPerson}
          required
        />
        <SelectField
          name="kind"
          label={t('delegations.kind')}
          hint={t('delegations.kindHint')}
          choices={KINDS.map((value) => ({ value, label: t(`delegations.kindOf.${value}`) }))}
          error={fields.kind}
        />
        <TextField
          name="validFrom"
          type="date"
          label={t('delegations.validFrom')}
          defaultValue={today}
          error={fields.validFrom}
          required
        />
        <TextField
          name="validUntil"
          type="date"
          label={t('delegations.validUntil')}
          hint={t('delegations.validUntilHint')}
          error={fields.validUntil}
        />
        <TextField
          name="basis"
          label={t('delegations.basis')}
          hint={t('delegations.basisHint')}
          maxLength={500}
          error={fields.basis}
          required
        />
        <details>
          <summary>{t('delegations.onlyKinds')}</summary>
          <div className="kinds">
            {kinds.map((kind) => (
              <label key={kind.code}>
                <input type="checkbox" name="kindCode" value={kind.code} /> {pick(kind.name, kind.nameEn)}
              </label>
            ))}
          </div>
        </details>
        <p className="wide">
          <Button type="submit">{t('delegations.giveIt')}</Button>
        </p>
      </Form>
    </details>
  )
}
