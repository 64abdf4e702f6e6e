import { useTranslation } from 'react-i18next'
import type { Holder } from '#db/case-view.ts'
import type { NextStep } from '#db/next-steps.ts'
import { usePick } from '../viewer.ts'

/** Code of the ministry's leaders as a unit. */
const LEADERS_UNIT = 'LDB'

/** Who has a task in words: a person with their unit, or the relation whose queue it lies in. */
export function useHolderWords(): (holder: Holder) => string {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  return ({ person, group, unitName, unitNameEn }) => {
    if (person) return `${person.fullName} (${pick(person.title, person.titleEn)})`
    if (!group) return ''
    const [kind, name, relation] = group.split(':')
    const unit = pick(unitName ?? '', unitNameEn ?? '')
    // "Lãnh đạo Bộ" is a unit by itself: its head is no further relation.
    if (kind === 'unit' && name === LEADERS_UNIT) return unit
    if (kind === 'unit') return t(`group.unit.${relation}`, { unit: unit || name })
    return t(`group.${name}`, { defaultValue: name })
  }
}

/** Who gets it next: each step that can follow, with the people where they are known. */
export function NextHolders({ steps }: { steps: readonly NextStep[] }) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const words = useHolderWords()
  if (steps.length === 0) return <>{t('next.end')}</>
  return (
    <>
      {steps.length > 1 && !steps.every(({ certain }) => certain) ? t('next.oneOf') : t('next.then')}{' '}
      {steps
        .slice(0, 3)
        .map((step) => {
          const who = step.forEach ? t('next.eachUnit') : words(step) || t('next.whoYouChoose')
          return `${pick(step.askVi, step.askEn)} – ${who}`
        })
        .join('; ')}
    </>
  )
}
