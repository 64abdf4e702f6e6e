import { useTranslation } from 'react-i18next'
import type { PartHealth } from '#db/administration.ts'
import { Mark, type Tone } from '../components/marks.tsx'
import { useFormats } from '../viewer.ts'

const tones: Record<PartHealth['state'], Tone> = {
  up: 'good',
  down: 'bad',
  late: 'bad',
  starting: 'soon',
  off: 'plain',
  unknown: 'plain',
}

/** How each part is, by its own word, and what stands still while it is away. */
export function PartsPanel({ parts, realNow }: { parts: readonly PartHealth[]; realNow: number }) {
  const { t } = useTranslation('administration')
  const { duration } = useFormats()
  return (
    <section className="panel" aria-labelledby="parts">
      <h2 id="parts">{t('parts.title')}</h2>
      <table className="list parts">
        <thead>
          <tr>
            <th scope="col">{t('parts.part')}</th>
            <th scope="col">{t('parts.state')}</th>
            <th scope="col">{t('parts.detail')}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ part, state, detail, at }) => (
            <tr key={part}>
              <th scope="row">{t(`parts.name.${part}`)}</th>
              <td>
                <Mark
                  tone={tones[state]}
                  icon={tones[state] === 'good' ? 'done' : tones[state] === 'bad' ? 'warning' : undefined}
                >
                  {t(`parts.is.${state}`)}
                </Mark>
              </td>
              <td className="part-detail">
                {state === 'late' && at !== null && (
                  <span className="block">{t('parts.silent', { duration: duration(realNow - at) })}</span>
                )}
                {detail && <span className="block muted">{detail}</span>}
                {tones[state] === 'bad' && <span className="block">{t(`parts.without.${part}`)}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
