import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './Icon.tsx'
import '../styles/pdf.css'

/** Beyond this many pages only those in sight get their text: the browser's search then finds what was scrolled past. */
const textOfAll = 60
const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const

type Opened = { document: PDFDocumentProxy; first: PDFPageProxy } | 'failed' | null

/** A PDF in the page: canvases drawn as they come into sight, text to select and search, zoom. Before scripts: a link. */
export function PdfPages({ url, name }: { url: string; name: string }) {
  const { t } = useTranslation('common')
  const opened = useDocument(url)
  const [zoom, setZoom] = useState<number>(1)
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const at = zooms.indexOf(zoom as (typeof zooms)[number])
  const ready = opened !== null && opened !== 'failed' ? opened : null
  const count = ready?.document.numPages ?? 0
  const scale = ready && width > 0 ? (width / ready.first.getViewport({ scale: 1 }).width) * zoom : 0
  return (
    <section className="pdf" aria-label={t('pdf.label', { name })}>
      <header className="pdf-bar not-printed">
        <span className="muted">{count > 0 ? t('pdf.pages', { count }) : t('pdf.loading')}</span>
        <span className="row needs-script">
          <button
            type="button"
            className="icon-button"
            aria-label={t('pdf.zoomOut')}
            disabled={at <= 0}
            onClick={() => setZoom(zooms[at - 1] ?? 1)}
          >
            <Icon name="minus" />
          </button>
          <button type="button" className="text-button" title={t('pdf.fit')} onClick={() => setZoom(1)}>
            {Math.round(zoom * 100)}%
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={t('pdf.zoomIn')}
            disabled={at === zooms.length - 1}
            onClick={() => setZoom(zooms[at + 1] ?? 1)}
          >
            <Icon name="plus" />
          </button>
        </span>
        <a href={url} target="_blank" rel="noreferrer">
          {t('pdf.open', { name })}
        </a>
      </header>
      <div className="pdf-pages" ref={frame} tabIndex={0} role="group" aria-label={t('pdf.label', { name })}>
        {opened === 'failed' && <p role="alert">{t('pdf.failed')}</p>}
        {ready &&
          scale > 0 &&
          Array.from({ length: count }, (_, index) => (
            <Page key={index} opened={ready} number={index + 1} scale={scale} eagerText={count <= textOfAll} />
          ))}
      </div>
    </section>
  )
}

/** The library comes with the first document. The legacy build runs on browsers of some years ago. */
async function loadLibrary() {
  const [library, worker] = await Promise.all([
    import('pdfjs-dist/legacy/build/pdf.mjs'),
    import('pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'),
  ])
  library.GlobalWorkerOptions.workerSrc = worker.default
  return library
}

/** Begins to open a document, with all that the library may ask for while it draws. */
export async function openDocument(url: string) {
  const library = await loadLibrary()
  return library.getDocument({
    url,
    wasmUrl: '/pdfjs/wasm/',
    cMapUrl: '/pdfjs/cmaps/',
    iccUrl: '/pdfjs/iccs/',
    standardFontDataUrl: '/pdfjs/standard_fonts/',
  })
}

function useDocument(url: string): Opened {
  const [opened, setOpened] = useState<{ url: string; as: Opened }>({ url, as: null })
  useEffect(() => {
    let left = false
    let close = () => {}
    const open = async () => {
      const task = await openDocument(url)
      close = () => void task.destroy()
      if (left) return close()
      const document = await task.promise
      const first = await document.getPage(1)
      if (!left) setOpened({ url, as: { document, first } })
    }
    open().catch((error: unknown) => {
      if (left) return
      console.warn('The PDF could not be opened', error)
      setOpened({ url, as: 'failed' })
    })
    return () => {
      left = true
      close()
    }
  }, [url])
  return opened.url === url ? opened.as : null
}

function Page({
  opened,
  number,
  scale,
  eagerText,
}: {
  opened: { document: PDFDocumentProxy; first: PDFPageProxy }
  number: number
  scale: number
  eagerText: boolean
}) {
  const { t } = useTranslation('common')
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const text = useRef<HTMLDivElement>(null)
  const near = useNear(frame)
  // Until a page was read it is taken to be as large as the first.
  const [page, setPage] = useState<PDFPageProxy | null>(number === 1 ? opened.first : null)
  const size = (page ?? opened.first).getViewport({ scale })
  const wanted = near || eagerText

  useEffect(() => {
    if (page || !wanted) return
    let left = false
    void opened.document.getPage(number).then((read) => {
      if (!left) setPage(read)
    })
    return () => {
      left = true
    }
  }, [opened, number, page, wanted])

  useEffect(() => {
    if (!page || !near || !canvas.current) return
    const ratio = Math.min(window.devicePixelRatio || 1, 2)
    const viewport = page.getViewport({ scale: scale * ratio })
    const drawing = canvas.current
    drawing.width = Math.floor(viewport.width)
    drawing.height = Math.floor(viewport.height)
    const task = page.render({ canvas: drawing, viewport })
    task.promise.catch((error: unknown) => {
      // Cancelled because the page went out of sight or changed its size: it is drawn again when needed.
      if (!(error instanceof Error && error.name === 'RenderingCancelledException')) throw error
    })
    return () => task.cancel()
  }, [page, near, scale])

  useEffect(() => {
    const container = text.current
    if (!page || !wanted || !container) return
    let cancel = () => {}
    let left = false
    const write = async () => {
      const { TextLayer } = await loadLibrary()
      if (left) return
      container.replaceChildren()
      const viewport = page.getViewport({ scale })
      const layer = new TextLayer({ textContentSource: page.streamTextContent(), container, viewport })
      cancel = () => layer.cancel()
      await layer.render()
    }
    write().catch((error: unknown) => {
      if (!left) throw error
    })
    return () => {
      left = true
      cancel()
    }
  }, [page, wanted, scale])

  return (
    <div
      ref={frame}
      className="pdf-page"
      role="group"
      aria-label={t('pdf.page', { page: number, count: opened.document.numPages })}
      style={{ width: size.width, height: size.height, ['--total-scale-factor' as string]: scale }}
    >
      <canvas ref={canvas} />
      <div ref={text} className="pdf-text" />
    </div>
  )
}

/** Is the element in sight, or less than a screen away? */
function useNear(element: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false)
  useEffect(() => {
    const watched = element.current
    if (!watched) return
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), {
      rootMargin: '100% 0px',
    })
    observer.observe(watched)
    return () => observer.disconnect()
  }, [element])
  return near
}

/** Width inside, px, without the frame's padding and a scroll bar; steps of 8 so that a nudge draws nothing anew. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const watched = element.current
    if (!watched) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width / 8) * 8)
    })
    observer.observe(watched)
    return () => observer.disconnect()
  }, [element])
  return width
}
