import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { DesignerModeler, Element } from './modeler-services.ts'
import { OutlineActions } from './OutlineActions.tsx'
import { drawnElements, remove } from './outline-edits.ts'
import { outlineOf, visibleItems, type OutlineItem } from './outline.ts'

/** The flow as a tree, for the keyboard and for screen readers: what the canvas does, without it. */
export function OutlinePanel({
  modeler,
  onShow,
  onProperties,
}: {
  modeler: DesignerModeler | null
  onShow: (elementId: string) => void
  /** Shows the properties of what is selected, with the focus on them. */
  onProperties: () => void
}) {
  const { t } = useTranslation('designer')
  const tree = useRef<HTMLUListElement>(null)
  const drawn = useDrawn(modeler)
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const items = useMemo(() => visibleItems(outlineOf(drawn.elements, drawn.root), closed), [drawn, closed])
  const at = items.find(({ id }) => id === chosen) ?? items[0]
  const nameOf = (item: { id: string; name: string; type: string }) =>
    item.name ||
    t('outline.unnamed', { kind: t(`outline.kind.${item.type.slice(5)}`, { defaultValue: item.type.slice(5) }) })

  const choose = (item: OutlineItem | undefined, focus = true) => {
    if (!item) return
    setChosen(item.id)
    onShow(item.id)
    if (focus) tree.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(item.id)}"]`)?.focus()
  }
  const toggle = (id: string, close: boolean) =>
    setClosed((before) => {
      const next = new Set(before)
      if (close) next.add(id)
      else next.delete(id)
      return next
    })
  const onKey = (event: KeyboardEvent<HTMLUListElement>) => {
    if (!at || !modeler) return
    const index = items.indexOf(at)
    const move: Record<string, () => void> = {
      ArrowDown: () => choose(items[index + 1]),
      ArrowUp: () => choose(items[index - 1]),
      Home: () => choose(items[0]),
      End: () => choose(items.at(-1)),
      ArrowRight: () => (closed.has(at.id) ? toggle(at.id, false) : choose(at.children[0])),
      ArrowLeft: () =>
        at.children.length > 0 && !closed.has(at.id)
          ? toggle(at.id, true)
          : choose(items.findLast((item, place) => place < index && item.level < at.level)),
      Enter: onProperties,
      ' ': () => choose(at),
      Delete: () => {
        choose(items[index - 1] ?? items[index + 1])
        remove(modeler, at.id)
        setSaid(t('outline.removed', { name: nameOf(at) }))
      },
      F2: () => document.getElementById('outline-name')?.focus(),
      a: () => document.getElementById('outline-add')?.focus(),
      c: () => document.getElementById('outline-connect')?.focus(),
    }
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : move[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  return (
    <div className="designer-scroll outline">
      <p className="muted designer-hint">{t('outline.hint')}</p>
      <ul role="tree" aria-label={t('tab.outline')} ref={tree} onKeyDown={onKey}>
        {items.map((item) => (
          <li
            key={item.id}
            role="treeitem"
            aria-level={item.level}
            aria-selected={item.id === at?.id}
            aria-expanded={item.children.length > 0 ? !closed.has(item.id) : undefined}
            tabIndex={item.id === at?.id ? 0 : -1}
            data-id={item.id}
            style={{ paddingInlineStart: `${item.level * 16 - 8}px` }}
            onClick={() => choose(item, false)}
          >
            {nameOf(item)}{' '}
            <small>
              {item.name !== '' && t(`outline.kind.${item.type.slice(5)}`, { defaultValue: item.type.slice(5) })}
              {item.next.length > 0 && (
                <>
                  {' '}
                  →{' '}
                  {item.next
                    .map(({ id }) => nameOf(drawn.byId.get(id) ?? { id, name: id, type: 'bpmn:Task' }))
                    .join(', ')}
                </>
              )}
            </small>
          </li>
        ))}
      </ul>
      {modeler && at && (
        <OutlineActions
          key={at.id}
          modeler={modeler}
          item={at}
          nameOf={nameOf}
          onAdded={(id, name) => {
            setChosen(id)
            setSaid(t('steps.added', { name }))
            // The tree has it after this rendering.
            setTimeout(() => tree.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus())
          }}
          onDone={(words) => {
            setSaid(words)
            tree.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
          }}
        />
      )}
      <p role="status" className="office-said">
        {said}
      </p>
    </div>
  )
}

/** What is drawn now, read anew after each change. */
function useDrawn(modeler: DesignerModeler | null) {
  const [drawn, setDrawn] = useState<{
    elements: ReturnType<typeof drawnElements>
    byId: Map<string, ReturnType<typeof drawnElements>[number]>
    root: string
  }>({ elements: [], byId: new Map(), root: '' })
  useEffect(() => {
    if (!modeler) return
    const read = () => {
      const elements = drawnElements(modeler)
      const byId = new Map(elements.map((element) => [element.id, element]))
      const root = (modeler.get('canvas').getRootElements() as Element[])[0]?.id ?? ''
      setDrawn({ elements, byId, root })
    }
    read()
    modeler.on('commandStack.changed', read)
    return () => modeler.off('commandStack.changed', read)
  }, [modeler])
  return drawn
}
