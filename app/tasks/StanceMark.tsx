import { useTranslation } from 'react-i18next'
import { Mark } from '../components/marks.tsx'

const tones = { agreed: 'good', commented: 'soon', disagreed: 'bad' } as const

/** How a unit stands to what it was asked about. */
export type Stance = keyof typeof tones

export const isStance = (outcome: string | null): outcome is Stance => outcome !== null && outcome in tones

export function StanceMark({ stance }: { stance: Stance }) {
  const { t } = useTranslation('tasks')
  return <Mark tone={tones[stance]}>{t(`stance.${stance}`)}</Mark>
}
