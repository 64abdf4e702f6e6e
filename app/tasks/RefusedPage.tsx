import { Link, useActionData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { FormRefusal } from '../components/Field.tsx'
import { refusalIn } from '../refusal.ts'
import '../styles/done.css'

/** What a button's address shows when it was refused: the sentence, and the way back. */
export function RefusedPage({ back }: { back: string }) {
  const { t } = useTranslation('tasks')
  const refusal = refusalIn(useActionData())
  return (
    <section className="refused-page">
      <h1>{t('refused.heading')}</h1>
      <FormRefusal refusal={refusal} />
      <p>
        <Link to={back}>{t('refused.back')}</Link>
      </p>
    </section>
  )
}
