import { Button } from '@mantine/core'
import { data } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { expiresSoon } from '#db/certificate-expiry.ts'
import {
  CERTIFICATES_PER_PAGE,
  certificateList,
  changeCertificateState,
  enterCertificate,
  keepCertificateImage,
  type CertificateFilter,
  type CertificateLine,
} from '#db/certificates.ts'
import { Refusal } from '#db/refusal.ts'
import { contentOf } from '#signing/certificates/content.ts'
import { holderChoices, holderNamed, type HolderChoice } from '../administration/certificate-holder.server.ts'
import { certificatesOf, described, requireSigner } from '../administration/certificate-upload.server.ts'
import { imageOf } from '../administration/signature-image.server.ts'
import { SigningWays } from '../administration/SigningWays.tsx'
import { CertificateActs } from '../administration/CertificateActs.tsx'
import { CertificateFacts, RealTime, Validity } from '../administration/CertificateFacts.tsx'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { FacetBar, type Facet } from '../components/FacetBar.tsx'
import { FileField, FormRefusal, TextField } from '../components/Field.tsx'
import { Mark } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { readListQuery } from '../list-query.ts'
import { refusalIn } from '../refusal.ts'
import '../styles/signatures.css'
import '../styles/trust.css'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, usePick } from '../viewer.ts'

export const handle: RouteHandle = {
  i18n: ['administration', 'signatures', 'trust'],
  title: 'trust:certificates.title',
}

const kinds = ['person', 'organisation'] as const
const states = ['active', 'expiring', 'suspended', 'revoked', 'expired'] as const

export const loader = guardedLoader('administration:read', async ({ request, db }) => {
  const { searchParams } = new URL(request.url)
  const { page } = readListQuery(request.url, { sortable: ['holder'], by: 'holder' })
  const filter: CertificateFilter = {
    search: (searchParams.get('find') ?? '').slice(0, 200),
    of: kinds.find((one) => one === searchParams.get('of')),
    state: states.find((one) => one === searchParams.get('state')),
    page,
  }
  const [found, holders] = await Promise.all([certificateList(db, filter), holderChoices(db)])
  return { ...found, holders, page, pageSize: CERTIFICATES_PER_PAGE, realNow: Date.now() }
})

/** Reads a certificate and says what it is, enters it for its holder, stops one and takes it up again, keeps what is drawn for it. */
export const action = guardedAction('certificate:keep', async ({ request, db, viewer }) => {
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const actor = { personId: viewer.personId, postId: viewer.postId }
  switch (text('do')) {
    case 'read': {
      const [found] = await certificatesOf(form)
      requireSigner(found!)
      await holderNamed(db, text('holder'))
      return data({ read: described(found!), holder: text('holder') })
    }
    case 'enter': {
      const [found] = await certificatesOf(form)
      requireSigner(found!)
      await enterCertificate(db, actor, await holderNamed(db, text('holder')), contentOf(found!))
      return data({ done: 'entered' as const })
    }
    case 'image':
      await keepCertificateImage(db, actor, text('id'), await imageOf(form))
      return data({ done: 'image' as const })
    case 'removeImage':
      await keepCertificateImage(db, actor, text('id'), null)
      return data({ done: 'noImage' as const })
    case 'suspend':
    case 'revoke':
    case 'resume': {
      const to = ({ suspend: 'suspended', revoke: 'revoked', resume: 'active' } as const)[
        text('do') as 'suspend' | 'revoke' | 'resume'
      ]
      const reason = text('reason').slice(0, 500)
      if (reason.length < 5) throw withoutReason()
      await changeCertificateState(db, actor, text('id'), { to, reason })
      return data({ done: to })
    }
    default:
      throw unknownAct()
  }
})

const withoutReason = () =>
  new Refusal('reason-missing', 422, {
    vi: 'Chưa ghi lý do (ít nhất 5 ký tự) nên chưa có gì thay đổi. Hãy ghi lý do rồi gửi lại.',
    en: 'There is no reason (at least 5 characters), so nothing was changed. Give one and send it again.',
  })

const unknownAct = () =>
  new Refusal('form-malformed', 400, {
    vi: 'Yêu cầu không đầy đủ nên chưa có gì thay đổi. Hãy tải lại trang rồi làm lại.',
    en: 'The request was not complete and nothing was changed. Reload the page and try again.',
  })

export default function Certificates() {
  const { certificates, total, counts, holders, page, pageSize, realNow } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { t } = useTranslation('trust')
  const { number } = useFormats()
  const read = answer && 'read' in answer ? answer : undefined
  const done = answer && 'done' in answer ? answer.done : undefined
  const facets = useMemo<Facet[]>(
    () => [
      { name: 'find', label: t('certificates.find'), kind: 'text' },
      {
        name: 'of',
        label: t('certificates.of'),
        kind: 'select',
        options: kinds.map((value) => ({ value, label: t(`certificates.kind.${value}`) })),
      },
      {
        name: 'state',
        label: t('certificates.state'),
        kind: 'select',
        options: states.map((value) => ({
          value,
          label: t(`certificates.states.${value}`),
          count: value === 'expired' ? undefined : counts[value],
        })),
      },
    ],
    [t, counts],
  )
  return (
    <>
      <PageHeader
        title={t('certificates.title')}
        subtitle={t('certificates.subtitle', { active: number(counts.active), suspended: number(counts.suspended) })}
      />
      <SigningWays />
      <FormRefusal refusal={refusalIn(answer)} />
      <p role="status" className="done-note" hidden={!done}>
        {done ? t(`certificates.done.${done}`) : ''}
      </p>
      {read ? (
        <section className="panel trust-read" aria-labelledby="read-heading">
          <h2 id="read-heading">{t('certificates.isThisIt')}</h2>
          <CertificateFacts certificate={read.read} realNow={realNow} />
          <Form method="post" className="row">
            <input type="hidden" name="der" value={read.read.der} />
            <input type="hidden" name="holder" value={read.holder} />
            <Button type="submit" name="do" value="enter">
              {t('certificates.enterFor', { holder: labelOf(holders, read.holder) })}
            </Button>
            <Link to="/administration/certificates">{t('authorities.leave')}</Link>
          </Form>
        </section>
      ) : (
        <EnterForm holders={holders} />
      )}
      <FacetBar facets={facets} />
      <CertificateTable rows={certificates} {...{ total, page, pageSize, realNow }} />
    </>
  )
}

const labelOf = (holders: readonly HolderChoice[], value: string) =>
  holders.find((one) => one.value.toLowerCase() === value.toLowerCase())?.label ?? value

/** A person is found by the user name, an organisation by its unit's code; the browser proposes both. */
function EnterForm({ holders }: { holders: readonly HolderChoice[] }) {
  const { t } = useTranslation('trust')
  const refusal = refusalIn(useActionData())
  return (
    <details className="panel trust-enter" open={refusal?.fields.file || refusal?.fields.holder ? true : undefined}>
      <summary>{t('certificates.enter')}</summary>
      <Form method="post" encType="multipart/form-data" className="delegation-form">
        <FileField
          name="file"
          label={t('authorities.file')}
          hint={t('certificates.fileHint')}
          accept=".pem,.crt,.cer,.der"
          error={refusal?.fields.file}
          required
        />
        <TextField
          name="holder"
          label={t('certificates.holder')}
          hint={t('certificates.holderHint')}
          list="certificate-holders"
          autoComplete="off"
          error={refusal?.fields.holder}
          required
        />
        <datalist id="certificate-holders">
          {holders.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </datalist>
        <p className="wide">
          <Button type="submit" name="do" value="read">
            {t('authorities.read')}
          </Button>
        </p>
      </Form>
    </details>
  )
}

function CertificateTable({
  rows,
  realNow,
  ...paging
}: {
  rows: readonly CertificateLine[]
  realNow: number
  total: number
  page: number
  pageSize: number
}) {
  const { t } = useTranslation('trust')
  const pick = usePick()
  const columns: Column<CertificateLine>[] = [
    {
      name: 'holder',
      label: t('certificates.holder'),
      main: true,
      cell: (row) => (
        <span className="two-lines" title={`${row.subject}; ${row.serial}`}>
          <span>{pick(row.holder, row.holderEn)}</span>
          <small className="muted">
            {t(`certificates.kind.${row.personId ? 'person' : 'organisation'}`)}
            {row.name !== row.holder && ` · ${row.name}`} · {row.serial.slice(0, 12)}…
          </small>
        </span>
      ),
    },
    {
      name: 'state',
      label: t('certificates.state'),
      width: '160px',
      cell: (row) => <CertificateStateMark row={row} realNow={realNow} />,
    },
    {
      name: 'validity',
      label: t('read.validity'),
      width: '215px',
      cell: (row) => <Validity notBefore={row.notBefore} notAfter={row.notAfter} realNow={realNow} />,
    },
    {
      name: 'keptOn',
      label: t('certificates.keptOn'),
      width: '150px',
      cell: (row) =>
        row.keptOn === 'demonstration' ? (
          <Mark tone="soon" icon="flag">
            {t('certificates.kept.demonstration')}
          </Mark>
        ) : (
          t('certificates.kept.token')
        ),
    },
  ]
  return (
    <DataList
      label={t('certificates.title')}
      rows={rows}
      columns={columns}
      rowKey={(row) => row.id}
      rowTone={(row) => (row.state !== 'active' ? 'bad' : expiresSoon(row, realNow) ? 'soon' : undefined)}
      rowAction={(row) => <CertificateActs row={row} />}
      {...paging}
      empty={<EmptyState title={t('certificates.none')}>{t('certificates.noneHint')}</EmptyState>}
    />
  )
}

function CertificateStateMark({ row, realNow }: { row: CertificateLine; realNow: number }) {
  const { t } = useTranslation('trust')
  const { duration } = useFormats()
  if (row.state === 'active')
    return expiresSoon(row, realNow) ? (
      <Mark tone="soon" icon="clock">
        {t('certificates.endsIn', { left: duration(row.notAfter - realNow) })}
      </Mark>
    ) : (
      <Mark tone="good" icon="done">
        {t('certificates.states.active')}
      </Mark>
    )
  return (
    <span className="two-lines">
      <Mark tone="bad" icon="warning">
        {t(`certificates.states.${row.state}`)}
      </Mark>
      <small className="muted">
        {row.stateSince !== null && <RealTime at={row.stateSince} />} {row.stateBy && `· ${row.stateBy}`} ·{' '}
        {row.stateReason}
      </small>
    </span>
  )
}

export { RouteError as ErrorBoundary }
