import { data } from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { kindList } from '#db/administration.ts'
import {
  delegationList,
  giveDelegation,
  signerChoices,
  withdrawDelegation,
  type DelegationLine,
} from '#db/delegations.ts'
import { RealTime } from '../administration/CertificateFacts.tsx'
import { SigningWays } from '../administration/SigningWays.tsx'
import { incomplete, readDelegation } from '../administration/delegation-form.server.ts'
import { DelegationForm } from '../administration/DelegationForm.tsx'
import { ConfirmButton } from '../components/ConfirmButton.tsx'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { FormRefusal } from '../components/Field.tsx'
import { Mark } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { refusalIn } from '../refusal.ts'
import '../styles/trust.css'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, usePick } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['administration', 'trust'], title: 'trust:delegations.title' }

const OFFICE_MS = 7 * 3_600_000

export const loader = guardedLoader('administration:read', async ({ db, now }) => {
  const [delegations, signers, kinds] = await Promise.all([delegationList(db), signerChoices(db), kindList(db)])
  const today = new Date(now + OFFICE_MS).toISOString().slice(0, 10)
  return { delegations, signers, kinds: [...kinds], today }
})

export const action = guardedAction('delegation:keep', async ({ request, db, viewer }) => {
  const form = await request.formData()
  const actor = { personId: viewer.personId, postId: viewer.postId }
  if (form.get('do') === 'withdraw') {
    const reason = String(form.get('reason') ?? '').trim()
    if (reason.length < 5) throw incomplete(['reason'])
    await withdrawDelegation(db, actor, String(form.get('id') ?? ''), reason.slice(0, 500))
    return data({ done: 'withdrawn' as const })
  }
  await giveDelegation(db, actor, readDelegation(form, await kindList(db)))
  return data({ done: 'given' as const })
})

export default function Delegations() {
  const { delegations, signers, kinds, today } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { t } = useTranslation('trust')
  const refusal = refusalIn(answer)
  const done = answer && 'done' in answer ? answer.done : undefined
  return (
    <>
      <PageHeader title={t('delegations.title')} subtitle={t('delegations.subtitle')} />
      <SigningWays />
      <FormRefusal refusal={refusal} />
      <p role="status" className="done-note" hidden={!done}>
        {done ? t(`delegations.done.${done}`) : ''}
      </p>
      {/* Once one is given the form is empty again. */}
      <DelegationForm
        key={done === 'given' ? delegations.length : 'form'}
        {...{ signers, kinds, today }}
        fields={refusal?.fields}
      />
      <DelegationTable rows={delegations} kinds={kinds} today={today} />
    </>
  )
}

function DelegationTable({
  rows,
  kinds,
  today,
}: {
  rows: readonly DelegationLine[]
  kinds: readonly { code: string; name: string; nameEn: string }[]
  today: string
}) {
  const { t } = useTranslation('trust')
  const { date } = useFormats()
  const pick = usePick()
  const kindNames = (codes: string[]) =>
    codes
      .map((code) => kinds.find((kind) => kind.code === code))
      .map((kind) => kind && pick(kind.name, kind.nameEn))
      .join(', ')
  const columns: Column<DelegationLine>[] = [
    {
      name: 'who',
      label: t('delegations.who'),
      main: true,
      cell: (row) => (
        <span className="two-lines">
          <span>{row.toName}</span>
          <small className="muted">
            {t(`delegations.text.${row.kind}`, { title: pick(row.fromTitle, row.fromTitleEn).toUpperCase() })} ·{' '}
            {row.fromName}
          </small>
        </span>
      ),
    },
    {
      name: 'days',
      label: t('delegations.days'),
      width: '190px',
      cell: (row) =>
        row.validUntil === null
          ? t('delegations.since', { from: date(row.validFrom) })
          : `${date(row.validFrom)} – ${date(row.validUntil)}`,
    },
    {
      name: 'basis',
      label: t('delegations.basis'),
      width: '240px',
      cell: (row) => (
        <span className="delegation-basis">
          {row.basis}
          <small className="muted block">
            {row.kindCodes === null ? t('delegations.allKinds') : kindNames(row.kindCodes)}
          </small>
        </span>
      ),
    },
    {
      name: 'state',
      label: t('certificates.state'),
      width: '160px',
      cell: (row) => <DelegationState row={row} today={today} />,
    },
  ]
  return (
    <DataList
      label={t('delegations.title')}
      rows={rows}
      columns={columns}
      rowKey={(row) => row.id}
      rowAction={(row) =>
        row.withdrawnAt === null ? (
          <Form method="post" className="trust-act" preventScrollReset>
            <input type="hidden" name="id" value={row.id} />
            <ConfirmButton
              label={t('delegations.withdraw')}
              question={t('delegations.withdrawQuestion', { to: row.toName, from: row.fromName })}
              confirm={t('delegations.withdrawConfirm')}
              name="do"
              value="withdraw"
            >
              <label>
                {t('reason')} <input name="reason" required minLength={5} maxLength={500} autoComplete="off" />
              </label>
            </ConfirmButton>
          </Form>
        ) : null
      }
      empty={<EmptyState title={t('delegations.none')}>{t('delegations.noneHint')}</EmptyState>}
    />
  )
}

function DelegationState({ row, today }: { row: DelegationLine; today: string }) {
  const { t } = useTranslation('trust')
  if (row.withdrawnAt !== null)
    return (
      <span className="two-lines">
        <Mark>{t('delegations.state.withdrawn')}</Mark>
        <small className="muted">
          <RealTime at={row.withdrawnAt} /> · {row.withdrawnBy} · {row.withdrawnReason}
        </small>
      </span>
    )
  if (row.validFrom > today) return <Mark icon="clock">{t('delegations.state.later')}</Mark>
  if (row.validUntil !== null && row.validUntil < today) return <Mark>{t('delegations.state.over')}</Mark>
  return (
    <Mark tone="good" icon="done">
      {t('delegations.state.inForce')}
    </Mark>
  )
}

export { RouteError as ErrorBoundary }
