/**
 * The XML below edXML: bytes to a bounded tree of elements. Nothing is resolved: a DOCTYPE is refused where it ends, before
 * any reference after it could be read, and only the five predefined entities and character references are known.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { SaxesParser } from 'saxes'
import type { EdxmlLimits } from './limits.ts'
import { megabytes } from './limits.ts'
import { EdxmlRefusal } from './refusal.ts'

export const edxmlNamespace = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'
const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#'

export interface XmlElement {
  /** Local name. */
  name: string
  attributes: Record<string, string>
  children: XmlElement[]
  text: string
}

export interface XmlTree {
  root: XmlElement
  /** Whether a Signature with content stands in the message. Checking it is not done here. */
  signed: boolean
}

/** The parser reads about 100 MB a second; after this many bytes others get their turn. */
const bytesPerTurn = 2 * 1024 * 1024
/** Text of these elements counts as attachment, not as header text. */
const attachmentContent = 'ContentTransferEncoded'
const attachmentStart = `${attachmentContent}>`
const onlyBase64 = /^[A-Za-z0-9+/= \t\r\n]*$/

/** Reads a whole message into a tree. Throws `EdxmlRefusal`. Elements inside a Signature are counted, not kept. */
export async function readTree(bytes: Uint8Array, limits: EdxmlLimits, chunkBytes = 65_536): Promise<XmlTree> {
  if (bytes.length > limits.messageBytes) {
    throw new EdxmlRefusal('messageTooLarge', `${megabytes(bytes.length)} > ${megabytes(limits.messageBytes)}`)
  }
  const builder = new TreeBuilder(limits)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    if (start % bytesPerTurn === 0) await nextTurn()
    builder.write(decode(decoder, bytes.subarray(start, start + chunkBytes), start + chunkBytes < bytes.length))
  }
  return builder.end()
}

function decode(decoder: TextDecoder, chunk: Uint8Array, more: boolean): string {
  try {
    return decoder.decode(chunk, { stream: more })
  } catch {
    throw new EdxmlRefusal('encoding', 'invalid UTF-8')
  }
}

class TreeBuilder {
  private readonly parser = new SaxesParser({ xmlns: true, position: true })
  private readonly open: XmlElement[] = []
  private root: XmlElement | null = null
  private depth = 0
  /** Depth of the Signature element that the parser is in; 0 outside. */
  private signatureDepth = 0
  private signed = false
  private elements = 0
  private attributes = 0
  private textLength = 0
  /** What the last write left over. */
  private held = ''
  /** Base64 that goes past the parser; null when the parser reads. */
  private bypassed: string[] | null = null
  /** How much text the parser was given. Its own `position` is right only while it writes. */
  private parsed = 0
  /** Where in that text the last start tag of an attachment's content ended. */
  private contentOpenedAt = -1

  constructor(private readonly limits: EdxmlLimits) {
    const { parser } = this
    parser.on('error', (error) => {
      if (error.message.includes('undefined entity')) throw new EdxmlRefusal('entity')
      throw new EdxmlRefusal('malformed', error.message)
    })
    parser.on('doctype', () => {
      throw new EdxmlRefusal('doctype')
    })
    parser.on('xmldecl', ({ encoding }) => {
      if (encoding && !/^utf-?8$/i.test(encoding)) throw new EdxmlRefusal('encoding', encoding)
    })
    parser.on('opentagstart', () => {
      this.attributes = 0
    })
    parser.on('attribute', () => {
      this.attributes += 1
      if (this.attributes > limits.attributesPerElement) throw new EdxmlRefusal('tooManyElements', 'attributes')
    })
    parser.on('opentag', (tag) => {
      const attributes: Record<string, string> = {}
      for (const attribute of Object.values(tag.attributes)) attributes[attribute.name] = attribute.value
      this.openElement(tag.local, tag.uri, attributes)
    })
    parser.on('closetag', () => {
      if (this.signatureDepth === this.depth) this.signatureDepth = 0
      else if (this.signatureDepth === 0) this.open.pop()
      this.depth -= 1
    })
    parser.on('text', (text) => this.addText(text))
    parser.on('cdata', (text) => this.addText(text))
  }

  /**
   * Base64 of attachments, nearly all of a large message, goes past the parser: 15 times as fast. That is safe where the
   * parser has just ended the start tag, and as long as nothing comes but characters that mean nothing to XML.
   */
  write(chunk: string): void {
    let text = this.held + chunk
    this.held = ''
    while (text !== '') {
      if (this.bypassed) {
        const end = text.indexOf('<')
        const base64 = end < 0 ? text : text.slice(0, end)
        if (!onlyBase64.test(base64)) {
          this.endBypass()
          continue
        }
        this.bypassed.push(base64)
        if (end < 0) return
        this.endBypass()
        text = text.slice(end)
      }
      const start = text.indexOf(attachmentStart)
      if (start < 0) {
        // A start tag cut in two by the chunks waits for its other half.
        const open = text.lastIndexOf('<')
        const cut = open >= 0 && text.length - open < 64 && !text.includes('>', open) ? open : text.length
        this.held = text.slice(cut)
        this.parse(text.slice(0, cut))
        return
      }
      this.parse(text.slice(0, start + attachmentStart.length))
      text = text.slice(start + attachmentStart.length)
      if (this.contentOpenedAt === this.parsed) this.bypassed = []
    }
  }

  private parse(text: string): void {
    this.parser.write(text)
    this.parsed += text.length
  }

  private endBypass(): void {
    const element = this.open.at(-1)
    if (element && this.bypassed) element.text += this.bypassed.join('')
    this.bypassed = null
  }

  end(): XmlTree {
    this.endBypass()
    this.parser.write(this.held).close()
    if (!this.root) throw new EdxmlRefusal('malformed', 'no root element')
    return { root: this.root, signed: this.signed }
  }

  private openElement(name: string, uri: string, attributes: Record<string, string>): void {
    const { limits } = this
    this.depth += 1
    this.elements += 1
    if (this.depth > limits.depth) throw new EdxmlRefusal('tooDeep', `> ${limits.depth}`)
    if (this.elements > limits.elements) throw new EdxmlRefusal('tooManyElements', `> ${limits.elements}`)
    if (this.signatureDepth > 0) {
      this.signed ||= name === 'SignatureValue'
      return
    }
    const isSignature = name === 'Signature' || name === 'DigitalSignature'
    if (isSignature && this.depth > 1 && (uri === signatureNamespace || uri === edxmlNamespace)) {
      this.signatureDepth = this.depth
      return
    }
    if (uri !== edxmlNamespace) throw new EdxmlRefusal('wrongNamespace', `${name}: ${uri || 'none'}`)
    const element: XmlElement = { name, attributes, children: [], text: '' }
    const parent = this.open.at(-1)
    if (parent) parent.children.push(element)
    else this.root = element
    this.open.push(element)
    if (name === attachmentContent) this.contentOpenedAt = this.parser.position
  }

  private addText(text: string): void {
    const element = this.open.at(-1)
    if (!element || this.signatureDepth > 0) return
    if (element.name !== attachmentContent) {
      this.textLength += text.length
      if (this.textLength > this.limits.textLength) {
        throw new EdxmlRefusal('messageTooLarge', `text > ${megabytes(this.limits.textLength)}`)
      }
    }
    element.text += text
  }
}
