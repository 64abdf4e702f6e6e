import { useTranslation } from 'react-i18next'
import type { IconName } from '../components/Icon.tsx'
import { Mark, type Tone } from '../components/marks.tsx'
import type { ShownCheck } from './signature-view.ts'

const SIGNS: Record<ShownCheck['verdict'], { tone: Tone; icon?: IconName }> = {
  valid: { tone: 'good', icon: 'done' },
  invalid: { tone: 'bad', icon: 'warning' },
  unknown: { tone: 'soon', icon: 'warning' },
  unsigned: { tone: 'plain' },
}

/** The result in a word and a sign. */
export function VerdictMark({ verdict }: { verdict: ShownCheck['verdict'] }) {
  const { t } = useTranslation('signatures')
  const { tone, icon } = SIGNS[verdict]
  return (
    <Mark tone={tone} icon={icon}>
      <strong>{t(`verdict.${verdict}`)}</strong>
    </Mark>
  )
}

/** Without legal effect, said wherever such a signature is shown. */
export function TestMark() {
  const { t } = useTranslation('signatures')
  return (
    <Mark tone="soon" icon="flag" title={t('testHint')}>
      {t('test')}
    </Mark>
  )
}
