import { Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { ListedCase } from '#db/listed-case.ts'
import { usePick } from '../viewer.ts'

/** The flow, and what of the case this administrator may see: the document's number, or only the case's own code. */
export function CaseName({ of }: { of: ListedCase }) {
  const { t } = useTranslation('administration')
  const pick = usePick()
  return (
    <span className="case-name">
      <Link to={`/flows/${of.flowId}?version=${of.flowVersion}`}>{pick(of.flowName, of.flowNameEn)}</Link>
      <small className="muted block">
        {of.documentId && (
          <>
            <Link to={`/documents/${of.documentId}`}>{of.documentCode ?? t('case.document')}</Link>
            {' · '}
          </>
        )}
        <Link to={`/administration/cases/${of.caseId}`}>{t('case.code', { code: of.caseId.slice(-8) })}</Link>
      </small>
    </span>
  )
}
