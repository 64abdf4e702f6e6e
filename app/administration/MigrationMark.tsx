import { useTranslation } from 'react-i18next'
import type { MigrationState } from '#db/case-migrations.ts'
import { Mark, type Tone } from '../components/marks.tsx'

const tones: Record<MigrationState, Tone> = {
  checking: 'info',
  checked: 'soon',
  moving: 'info',
  paused: 'soon',
  done: 'good',
  dropped: 'plain',
}

/** Where a migration stands. */
export function MigrationMark({ state }: { state: MigrationState }) {
  const { t } = useTranslation('migrations')
  return (
    <Mark tone={tones[state]} icon={state === 'done' ? 'done' : tones[state] === 'info' ? 'clock' : undefined}>
      {t(`state.${state}`)}
    </Mark>
  )
}
