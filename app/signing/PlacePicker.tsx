import type { PDFPageProxy } from 'pdfjs-dist'
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { openDocument } from '../components/PdfPages.tsx'
import { ROOM } from './signature-room.ts'

/** Points that an arrow key moves by; with shift. */
const STEP = 4
const FAR = 24
/** Between the name and the signature above it. */
const GAP = 4

interface Place {
  page: number
  /** Points from the left and the bottom of the page as it is seen. */
  x: number
  y: number
}

interface Shown {
  pages: number
  /** Of the page that is shown, points. */
  width: number
  height: number
  /** Where the signer's name stands on it: its middle and its top; null where it is not there. */
  name: { x: number; y: number } | null
}

/**
 * Where the signature goes: above the signer's name by itself, or where it is moved to on a picture of the page, by pointer or arrow
 * keys. Without scripts it stays above the name.
 */
export function PlacePicker({ url, name }: { url: string; name: string }) {
  const { t } = useTranslation('signing')
  const [open, setOpen] = useState(false)
  const [place, setPlace] = useState<Place | null>(null)
  const { canvas, shown, failed } = usePageCanvas(open ? url : null, place?.page ?? null, name)
  return (
    <details className="signing-place needs-script" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{place ? t('place.moved', { page: place.page + 1 }) : t('place.byName')}</summary>
      {failed && <p className="signing-stop">{t('place.failed')}</p>}
      {place && (
        <>
          <input type="hidden" name="placePage" value={place.page} />
          <input type="hidden" name="placeX" value={place.x} />
          <input type="hidden" name="placeY" value={place.y} />
        </>
      )}
      {open && (
        <>
          <div className="row">
            <label>
              {t('place.page')}{' '}
              <input
                type="number"
                min={1}
                max={shown?.pages ?? 1}
                value={(place?.page ?? (shown?.pages ?? 1) - 1) + 1}
                onChange={(event) => {
                  const page = Number(event.currentTarget.value) - 1
                  if (shown && page >= 0 && page < shown.pages) setPlace({ ...(place ?? start(shown)), page })
                }}
              />
            </label>
            {place && (
              <button type="button" className="text-button" onClick={() => setPlace(null)}>
                {t('place.back')}
              </button>
            )}
          </div>
          <div className="signing-page">
            <canvas ref={canvas} aria-hidden="true" />
            {shown && <Box shown={shown} place={place ?? start(shown)} onMove={setPlace} label={t('place.box')} />}
          </div>
        </>
      )}
    </details>
  )
}

/** Above the name, as it goes by itself; at the lower right of the last page where the name is not found. */
function start({ pages, width, name }: Shown): Place {
  const x = name ? name.x - ROOM.width / 2 : width - ROOM.width - 56
  return { page: pages - 1, x: Math.round(Math.max(0, x)), y: Math.round(name ? name.y + GAP : 160) }
}

function Box({
  shown,
  place,
  onMove,
  label,
}: {
  shown: Shown
  place: Place
  onMove: (place: Place) => void
  label: string
}) {
  const held = useRef<{ x: number; y: number; from: Place } | null>(null)
  const moveTo = (x: number, y: number) =>
    onMove({
      page: place.page,
      x: Math.round(Math.min(Math.max(0, x), shown.width - ROOM.width)),
      y: Math.round(Math.min(Math.max(0, y), shown.height - ROOM.height)),
    })
  const scaleOf = (element: HTMLElement) => (element.parentElement?.clientWidth ?? shown.width) / shown.width
  const onPointer = (event: PointerEvent<HTMLButtonElement>) => {
    if (!held.current) return
    const scale = scaleOf(event.currentTarget)
    const { x, y, from } = held.current
    moveTo(from.x + (event.clientX - x) / scale, from.y - (event.clientY - y) / scale)
  }
  const onKey = (event: KeyboardEvent) => {
    const by = event.shiftKey ? FAR : STEP
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-by, 0],
      ArrowRight: [by, 0],
      ArrowUp: [0, by],
      ArrowDown: [0, -by],
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    moveTo(place.x + move[0], place.y + move[1])
  }
  const percent = (part: number, whole: number) => `${(100 * part) / whole}%`
  return (
    <button
      type="button"
      className="signing-box"
      aria-label={label}
      style={{
        left: percent(place.x, shown.width),
        bottom: percent(place.y, shown.height),
        width: percent(ROOM.width, shown.width),
        height: percent(ROOM.height, shown.height),
      }}
      onPointerDown={(event) => {
        held.current = { x: event.clientX, y: event.clientY, from: place }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={onPointer}
      onPointerUp={() => (held.current = null)}
      onKeyDown={onKey}
    />
  )
}

/** Draws one page; the last one until another is asked for. Nothing is loaded while `url` is null. */
function usePageCanvas(url: string | null, wanted: number | null, name: string) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [shown, setShown] = useState<Shown | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    if (url === null) return
    let left = false
    let close = () => {}
    const draw = async () => {
      const task = await openDocument(url)
      close = () => void task.destroy()
      if (left) return close()
      const pdf = await task.promise
      const page = await pdf.getPage(Math.min(wanted ?? pdf.numPages - 1, pdf.numPages - 1) + 1)
      const size = page.getViewport({ scale: 1 })
      const drawing = canvas.current
      if (left || !drawing) return
      const viewport = page.getViewport({ scale: 640 / size.width })
      drawing.width = Math.floor(viewport.width)
      drawing.height = Math.floor(viewport.height)
      setShown({ pages: pdf.numPages, width: size.width, height: size.height, name: await placeOf(page, name) })
      await page.render({ canvas: drawing, viewport }).promise
    }
    draw().catch((error: unknown) => {
      if (left) return
      console.warn('The page could not be drawn', error)
      setFailed(true)
    })
    return () => {
      left = true
      close()
    }
  }, [url, wanted, name])
  return { canvas, shown, failed }
}

/** The last line of the page that holds the name. */
async function placeOf(page: PDFPageProxy, name: string): Promise<{ x: number; y: number } | null> {
  const plain = (text: string) => text.normalize('NFC').replace(/\s+/g, '').toLocaleLowerCase('vi')
  const { items } = await page.getTextContent()
  const found = items.findLast((item) => 'str' in item && plain(item.str).includes(plain(name)))
  if (!found || !('str' in found)) return null
  const [, , , , x, y] = found.transform as number[]
  return { x: (x ?? 0) + found.width / 2, y: (y ?? 0) + found.height }
}
