import { Fragment, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addAfter, byCategory, canAddAfter, newStep } from './office-steps.ts'
import type { DesignerModeler, Element } from './modeler-services.ts'

/** The palette of the office's steps: dragged into the drawing, or added after what is selected. */
export function OfficeSteps({ modeler }: { modeler: DesignerModeler | null }) {
  const { t } = useTranslation('designer')
  const [selected, setSelected] = useState<Element | undefined>()
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (!modeler) return
    const look = ({ newSelection }: { newSelection: Element[] }) => setSelected(newSelection[0])
    modeler.on('selection.changed', look)
    return () => modeler.off('selection.changed', look)
  }, [modeler])
  const templates = modeler?.get('elementTemplates').getAll() ?? []
  return (
    <nav className="office-steps" aria-label={t('steps.title')}>
      <h2>{t('steps.title')}</h2>
      <p className="muted">{t('steps.hint')}</p>
      {byCategory(templates).map((group) => (
        <Fragment key={group.id}>
          {group.name && <h3>{group.name}</h3>}
          <ul>
            {group.templates.map(({ id, name, description }) => (
              <li key={id}>
                <button
                  type="button"
                  title={description}
                  draggable
                  onDragStart={(event) => {
                    event.preventDefault()
                    modeler?.get('create').start(event.nativeEvent, newStep(modeler, id))
                  }}
                  onClick={() => {
                    if (!modeler) return
                    if (!selected || !canAddAfter(selected)) return setSaid(t('steps.none'))
                    addAfter(modeler, selected, newStep(modeler, id))
                    setSaid(t('steps.added', { name }))
                  }}
                >
                  {name}
                </button>
              </li>
            ))}
          </ul>
        </Fragment>
      ))}
      <p role="status" className="office-said">
        {said}
      </p>
    </nav>
  )
}
