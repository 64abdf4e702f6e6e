import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { DesignerModeler } from './modeler-services.ts'
import { byCategory } from './office-steps.ts'
import { addBehind, basicKinds, connect, connectable, rename } from './outline-edits.ts'
import type { OutlineItem } from './outline.ts'

/** What can be done with the element the outline stands on. */
export function OutlineActions({
  modeler,
  item,
  nameOf,
  onAdded,
  onDone,
}: {
  modeler: DesignerModeler
  item: OutlineItem
  nameOf: (item: { id: string; name: string; type: string }) => string
  onAdded: (id: string, name: string) => void
  onDone: (words: string) => void
}) {
  const { t } = useTranslation('designer')
  const [name, setName] = useState(item.name)
  const kind = (type: string) => t(`outline.kind.${type.slice(5)}`, { defaultValue: type.slice(5) })
  const targets = connectable(modeler, item.id)
  const submit = (act: (form: FormData) => void) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    act(new FormData(event.currentTarget))
  }
  const add = submit((form) => {
    const chosen = String(form.get('kind'))
    const made = addBehind(modeler, item.id, chosen)
    const template = modeler
      .get('elementTemplates')
      .getAll()
      .find(({ id }) => id === chosen)
    if (made) onAdded(made, template?.name ?? kind(chosen))
  })
  const join = submit((form) => {
    const to = targets.find(({ id }) => id === form.get('to'))
    if (!to) return
    connect(modeler, item.id, to.id)
    onDone(t('outline.connected', { from: nameOf(item), to: nameOf(to) }))
  })
  const call = submit(() => {
    rename(modeler, item.id, name.trim())
    onDone(t('outline.renamed', { name: name.trim() }))
  })
  return (
    <div className="outline-actions" role="group" aria-label={nameOf(item)}>
      {item.type !== 'bpmn:EndEvent' && item.type !== 'bpmn:Participant' && (
        <form onSubmit={add}>
          <label htmlFor="outline-add">{t('outline.add')}</label>
          <select id="outline-add" name="kind">
            {byCategory(modeler.get('elementTemplates').getAll()).map((group) => (
              <optgroup key={group.id} label={group.name ?? t('steps.title')}>
                {group.templates.map(({ id, name: of }) => (
                  <option key={id} value={id}>
                    {of}
                  </option>
                ))}
              </optgroup>
            ))}
            <optgroup label="BPMN">
              {basicKinds.map((type) => (
                <option key={type} value={type}>
                  {kind(type)}
                </option>
              ))}
            </optgroup>
          </select>
          <button className="designer-small">{t('outline.addDo')}</button>
        </form>
      )}
      {targets.length > 0 && (
        <form onSubmit={join}>
          <label htmlFor="outline-connect">{t('outline.connect')}</label>
          <select id="outline-connect" name="to">
            {targets.map((target) => (
              <option key={target.id} value={target.id}>
                {nameOf(target)}
              </option>
            ))}
          </select>
          <button className="designer-small">{t('outline.connectDo')}</button>
        </form>
      )}
      <form onSubmit={call}>
        <label htmlFor="outline-name">{t('outline.rename')}</label>
        <input id="outline-name" value={name} onChange={(event) => setName(event.target.value)} maxLength={200} />
        <button className="designer-small">{t('outline.renameDo')}</button>
      </form>
    </div>
  )
}
