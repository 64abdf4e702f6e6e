import { Form, useNavigation, useRevalidator } from '@remix-run/react'
import { useEffect, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { VerifiedFile } from '#db/verifications.ts'
import { Mark } from '../components/marks.tsx'
import { useFormats, useLanguage } from '../viewer.ts'
import { SignatureDetails } from './SignatureDetails.tsx'
import { TestMark, VerdictMark } from './signature-marks.tsx'
import { shownCheck, type ShownCheck } from './signature-view.ts'
import '../styles/signatures.css'

/** How often a page asks whether the check is done, ms, and how many times. */
const ASK_MS = 1_500
const ASKS = 40

/** What checking the signatures of a document's files found; the overall result first, the details folded. */
export function SignaturesPanel({ documentId, files }: { documentId: string; files: readonly VerifiedFile[] }) {
  const { t } = useTranslation('signatures')
  const id = useId()
  useAskAgain(files.some(({ waiting }) => waiting))
  // An unsigned message brought most documents: nobody has to be told.
  const shown = files.filter(
    ({ role, check }) => role !== 'message' || (check !== null && check.verdict !== 'unsigned'),
  )
  if (shown.length === 0) return null
  return (
    <section className="panel signatures" id="signatures" aria-labelledby={id}>
      <h2 id={id}>{t('title')}</h2>
      <ul className="signed-files">
        {shown.map((file) => (
          <li key={`${file.role} ${file.sha256} ${file.name}`}>
            <FileSignatures documentId={documentId} file={file} named={shown.length > 1} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function FileSignatures({ documentId, file, named }: { documentId: string; file: VerifiedFile; named: boolean }) {
  const { t } = useTranslation('signatures')
  const language = useLanguage()
  const check = file.check && shownCheck(file.check)
  return (
    <>
      {(named || file.role === 'message') && (
        <h3 className="signed-file-name">
          {file.role === 'message' ? t('message') : file.name}
          {file.role === 'draft' && ` · ${t('version', { version: file.version })}`}
        </h3>
      )}
      <div role="status" aria-live="polite" className="verdict">
        {file.waiting && (
          <p className="muted">
            <Mark icon="clock">{t(check ? 'checkingAgain' : 'checking')}</Mark>
          </p>
        )}
        {check && (
          <>
            <p className="row">
              <VerdictMark verdict={check.verdict} />
              {check.isTest && <TestMark />}
            </p>
            {check.verdict !== 'unsigned' && <p>{check.sentence[language]}</p>}
            {check.isTest && <p className="muted">{t('testHint')}</p>}
          </>
        )}
      </div>
      {check && check.signatures.length > 0 && (
        <ol className="signature-list">
          {check.signatures.map((one, index) => (
            <SignatureDetails key={`${one.fieldName} ${index}`} signature={one} />
          ))}
        </ol>
      )}
      {check && check.verdict !== 'unsigned' && <CheckedAt documentId={documentId} file={file} check={check} />}
    </>
  )
}

/** When it was checked, and the way to have it checked again. */
function CheckedAt({ documentId, file, check }: { documentId: string; file: VerifiedFile; check: ShownCheck }) {
  const { t } = useTranslation('signatures')
  const { dateTime } = useFormats()
  const navigation = useNavigation()
  const action = `/documents/${documentId}/verify`
  const sending = navigation.state !== 'idle' && navigation.formAction === action
  return (
    <div className="checked-at not-printed">
      {check.outdated && (
        <p>
          <Mark tone="soon" icon="warning">
            {t('outdated')}
          </Mark>
        </p>
      )}
      <small className="muted">
        {t('checked')} {dateTime(check.at)}
        {check.firstAt !== check.at && (
          <>
            {' · '}
            {t('firstChecked')} {dateTime(check.firstAt)}
          </>
        )}
      </small>
      {!file.waiting && (
        <Form method="post" action={action} preventScrollReset>
          <input type="hidden" name="sha256" value={file.sha256} />
          <button type="submit" className="check-again" disabled={sending}>
            {t('again')}
          </button>
        </Form>
      )}
    </div>
  )
}

/** While a check is under way the page asks for its result; without scripts the reader reloads. */
function useAskAgain(waiting: boolean): void {
  const { revalidate } = useRevalidator()
  useEffect(() => {
    if (!waiting) return
    let left = ASKS
    const timer = setInterval(() => {
      left -= 1
      if (left <= 0) clearInterval(timer)
      if (document.visibilityState === 'visible') revalidate()
    }, ASK_MS)
    return () => clearInterval(timer)
  }, [waiting, revalidate])
}
