import { useTranslation } from 'react-i18next'
import type { Appendix } from '#db/appendices.ts'
import { FileLink } from '../components/FileLink.tsx'
import { fileAddress } from './Drafts.tsx'

/** The appendices that go out with a document; `sealed`: each gets the organisation's signature. */
export function AppendixList({ appendices, sealed }: { appendices: readonly Appendix[]; sealed: boolean }) {
  const { t } = useTranslation('tasks')
  if (appendices.length === 0) return null
  const label = t(sealed ? 'appendix.sealed' : 'appendix.sent', { count: appendices.length })
  return (
    <div className="drafts" role="group" aria-label={label}>
      <p>{label}</p>
      {appendices.map((appendix) => (
        <div key={appendix.fileId} className="draft-line">
          <FileLink href={fileAddress(appendix)} name={appendix.name} size={appendix.size} />
        </div>
      ))}
    </div>
  )
}
