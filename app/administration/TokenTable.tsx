import { Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { TokenLine } from '#db/case-administration.ts'
import { DueMark, Mark } from '../components/marks.tsx'
import { useHolderWords } from '../tasks/NextHolders.tsx'
import { useSentence } from '../viewer.ts'

/** Where a case stands, token by token, each with the way to change it. */
export function TokenTable({ tokens, chosen }: { tokens: readonly TokenLine[]; chosen: string | null }) {
  const { t } = useTranslation('cases')
  const say = useSentence()
  const words = useHolderWords()
  if (tokens.length === 0) return <p className="muted">{t('tokens.none')}</p>
  return (
    <table className="list tokens">
      <thead>
        <tr>
          <th scope="col">{t('tokens.at')}</th>
          <th scope="col">{t('tokens.waits')}</th>
          <th scope="col">{t('tokens.due')}</th>
          <th scope="col">
            <span className="only-read">{t('tokens.change')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.tokenId} aria-current={token.tokenId === chosen ? 'true' : undefined}>
            <th scope="row">
              {say(token.element)}
              {token.instance !== null && <> ({token.instance})</>}
              {token.within.length > 0 && (
                <small className="muted block">{t('tokens.within', { path: token.within.map(say).join(' › ') })}</small>
              )}
            </th>
            <td>
              {token.waits === 'incident' ? (
                <Mark tone="bad" icon="warning">
                  {t('tokens.is.incident')}
                </Mark>
              ) : token.task ? (
                words(token.task.holder)
              ) : (
                token.waits && t(`tokens.is.${token.waits}`)
              )}
            </td>
            <td>{token.task && token.task.dueAt !== null && <DueMark dueAt={token.task.dueAt} />}</td>
            <td className="action-cell">
              {token.movable && (
                <Link to={`?token=${encodeURIComponent(token.tokenId)}#change`} preventScrollReset>
                  {t('tokens.change')}
                </Link>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
