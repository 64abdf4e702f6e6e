import { Button } from '@mantine/core'
import { data } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '#db/refusal.ts'
import {
  addService,
  believe,
  disbelieve,
  removeService,
  trustPage,
  type Anchor,
  type ServiceKind,
  type TrustService,
} from '#db/trust.ts'
import { verifyAllAgain } from '#db/verifications.ts'
import { contentOf } from '#signing/certificates/content.ts'
import { SigningWays } from '../administration/SigningWays.tsx'
import { certificatesOf, described, requireAuthority, saysTest } from '../administration/certificate-upload.server.ts'
import { CertificateFacts, RealTime, Validity } from '../administration/CertificateFacts.tsx'
import { ConfirmButton } from '../components/ConfirmButton.tsx'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { CheckField, FileField, FormRefusal, SelectField, TextField } from '../components/Field.tsx'
import { Mark } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { refusalIn } from '../refusal.ts'
import '../styles/signatures.css'
import '../styles/trust.css'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['administration', 'signatures', 'trust'], title: 'trust:authorities.title' }

export const loader = guardedLoader('administration:read', async ({ db, context }) => ({
  ...(await trustPage(db)),
  production: context.environment.production,
  realNow: Date.now(),
}))

const serviceKinds: readonly ServiceKind[] = ['time-stamp', 'ocsp', 'crl']

/** Reads a certificate and says what it is; takes it in once that was seen; names services; takes either off the list. */
export const action = guardedAction('trust:keep', async ({ request, db, viewer }) => {
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const actor = { personId: viewer.personId, postId: viewer.postId }
  switch (text('do')) {
    case 'read': {
      const found = await certificatesOf(form)
      found.forEach(requireAuthority)
      return data({ read: found.map(described) })
    }
    case 'believe': {
      const found = await certificatesOf(form)
      found.forEach(requireAuthority)
      const ticked = form.has('test')
      const anchors = found.map((one) => ({
        ...contentOf(one),
        role: described(one).isRoot ? ('root' as const) : ('intermediate' as const),
        isTest: ticked || saysTest(one),
      }))
      await believe(db, actor, anchors)
      await verifyAllAgain(db)
      return data({ done: 'believed' as const })
    }
    case 'disbelieve':
      await disbelieve(db, actor, text('id'))
      await verifyAllAgain(db)
      return data({ done: 'disbelieved' as const })
    case 'addService': {
      const kind = serviceKinds.find((one) => one === text('kind'))
      if (!kind) throw unknownAct()
      await addService(db, actor, { kind, url: text('url'), isTest: form.has('test') })
      return data({ done: 'serviceAdded' as const })
    }
    case 'removeService':
      await removeService(db, actor, text('id'))
      return data({ done: 'serviceRemoved' as const })
    default:
      throw unknownAct()
  }
})

const unknownAct = () =>
  new Refusal('form-malformed', 400, {
    vi: 'Yêu cầu không đầy đủ nên chưa có gì thay đổi. Hãy tải lại trang rồi làm lại.',
    en: 'The request was not complete and nothing was changed. Reload the page and try again.',
  })

export default function Authorities() {
  const { anchors, services, production, realNow } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { t } = useTranslation('trust')
  const read = answer && 'read' in answer ? answer.read : undefined
  const done = answer && 'done' in answer ? answer.done : undefined
  return (
    <>
      <PageHeader title={t('authorities.title')} subtitle={t('authorities.subtitle')} />
      <SigningWays />
      <FormRefusal refusal={refusalIn(answer)} />
      <p role="status" className="done-note" hidden={!done}>
        {done ? t(`authorities.done.${done}`) : ''}
      </p>
      {read ? (
        <section className="panel trust-read" aria-labelledby="read-heading">
          <h2 id="read-heading">{t('authorities.isThisIt')}</h2>
          <p className="muted">{t('authorities.compare')}</p>
          <Form method="post" className="stack">
            {read.map((one) => (
              <div key={one.fingerprint} className="read-certificate">
                <input type="hidden" name="der" value={one.der} />
                <CertificateFacts certificate={one} realNow={realNow} />
              </div>
            ))}
            {!read.every((one) => one.saysTest) && <CheckField name="test" label={t('authorities.isTest')} />}
            <p className="row">
              <Button type="submit" name="do" value="believe">
                {t('authorities.believe')}
              </Button>
              <Link to="/administration/authorities">{t('authorities.leave')}</Link>
            </p>
          </Form>
        </section>
      ) : null}
      <h2 className="trust-heading">{t('authorities.anchors')}</h2>
      <Anchors anchors={anchors} realNow={realNow} />
      <h2 className="trust-heading">{t('authorities.services')}</h2>
      <p className="muted trust-note">{t('authorities.servicesHint')}</p>
      <Services services={services} />
      {!read && <AddForms production={production} />}
    </>
  )
}

function AddForms({ production }: { production: boolean }) {
  const { t } = useTranslation('trust')
  const refusal = refusalIn(useActionData())
  return (
    <div className="trust-forms">
      <Form method="post" encType="multipart/form-data" className="panel stack">
        <h2>{t('authorities.add')}</h2>
        <FileField
          name="file"
          label={t('authorities.file')}
          hint={t('authorities.fileHint')}
          accept=".pem,.crt,.cer,.der"
          error={refusal?.fields.file}
          required
        />
        <p>
          <Button type="submit" name="do" value="read">
            {t('authorities.read')}
          </Button>
        </p>
      </Form>
      <Form method="post" className="panel stack">
        <h2>{t('authorities.addService')}</h2>
        <SelectField
          name="kind"
          label={t('authorities.kind')}
          choices={serviceKinds.map((value) => ({ value, label: t(`service.${value}`) }))}
        />
        <TextField name="url" label={t('authorities.url')} type="url" maxLength={500} autoComplete="off" required />
        {!production && <CheckField name="test" label={t('authorities.isTestService')} />}
        <p>
          <Button type="submit" name="do" value="addService">
            {t('authorities.nameService')}
          </Button>
        </p>
      </Form>
    </div>
  )
}

function Anchors({ anchors, realNow }: { anchors: readonly Anchor[]; realNow: number }) {
  const { t } = useTranslation('trust')
  const columns: Column<Anchor>[] = [
    {
      name: 'name',
      label: t('read.name'),
      main: true,
      cell: (row) => (
        <span className="two-lines" title={row.subject}>
          <span>{row.name}</span>
          <small className="muted" title={row.fingerprint}>
            SHA-256 {row.fingerprint.slice(0, 16)}…
          </small>
        </span>
      ),
      marks: (row) =>
        row.isTest && (
          <Mark tone="soon" icon="flag">
            {t('testAuthority')}
          </Mark>
        ),
    },
    { name: 'role', label: t('read.kind'), width: '150px', cell: (row) => t(`anchor.${row.role}`) },
    {
      name: 'validity',
      label: t('read.validity'),
      width: '230px',
      cell: (row) => <Validity notBefore={row.notBefore} notAfter={row.notAfter} realNow={realNow} />,
    },
    { name: 'added', label: t('authorities.added'), width: '160px', cell: (row) => <Added row={row} /> },
  ]
  return (
    <DataList
      label={t('authorities.anchors')}
      rows={anchors}
      columns={columns}
      rowKey={(row) => row.id}
      rowAction={(row) => (
        <Remove id={row.id} act="disbelieve" question={t('authorities.removeQuestion', { name: row.name })} />
      )}
      empty={<EmptyState title={t('authorities.none')}>{t('authorities.noneHint')}</EmptyState>}
    />
  )
}

function Services({ services }: { services: readonly TrustService[] }) {
  const { t } = useTranslation('trust')
  const columns: Column<TrustService>[] = [
    {
      name: 'url',
      label: t('authorities.url'),
      main: true,
      cell: (row) => <code>{row.url}</code>,
      marks: (row) => row.isTest && <Mark tone="soon">{t('testService')}</Mark>,
    },
    { name: 'kind', label: t('authorities.kind'), width: '260px', cell: (row) => t(`service.${row.kind}`) },
    { name: 'added', label: t('authorities.added'), width: '160px', cell: (row) => <Added row={row} /> },
  ]
  return (
    <DataList
      label={t('authorities.services')}
      rows={services}
      columns={columns}
      rowKey={(row) => row.id}
      rowAction={(row) => (
        <Remove id={row.id} act="removeService" question={t('authorities.removeServiceQuestion', { url: row.url })} />
      )}
      empty={<EmptyState title={t('authorities.noServices')}>{t('authorities.noServicesHint')}</EmptyState>}
    />
  )
}

function Remove({ id, act, question }: { id: string; act: 'disbelieve' | 'removeService'; question: string }) {
  const { t } = useTranslation('trust')
  return (
    <Form method="post" className="trust-act" preventScrollReset>
      <input type="hidden" name="id" value={id} />
      <ConfirmButton
        label={t('authorities.remove')}
        question={question}
        confirm={t('authorities.removeConfirm')}
        name="do"
        value={act}
      />
    </Form>
  )
}

function Added({ row }: { row: { addedBy: string | null; addedAt: number } }) {
  const { t } = useTranslation('trust')
  return (
    <span className="two-lines">
      <RealTime at={row.addedAt} />
      <small className="muted">{row.addedBy ?? t('authorities.bySystem')}</small>
    </span>
  )
}

export { RouteError as ErrorBoundary }
