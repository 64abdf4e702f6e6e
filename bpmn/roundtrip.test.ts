import { describe, expect, it } from 'vitest'
import { drawnXml } from './drawn.ts'
import { roundTrip } from './roundtrip.ts'

async function losses(xml: string): Promise<string[]> {
  const trip = await roundTrip(xml)
  if (!trip.ok) throw new Error(trip.en)
  return trip.losses.map(({ path, en }) => `${path}: ${en}`)
}

describe('opening and exporting a diagram', () => {
  it('keeps what others have added, defaults left out or written, and texts as they are', async () => {
    const extension = '<x:mark xmlns:x="urn:others" level="2"><x:inner>some <![CDATA[<text>]]></x:inner></x:mark>'
    const xml = drawnXml(`<startEvent id="s" isInterrupting="true" xmlns:y="urn:more" y:seen="yes"/>
      <task id="t" startQuantity="1" completionQuantity="2"><documentation>first &amp; second</documentation><extensionElements>${extension}</extensionElements></task>
      <endEvent id="e"/>
      s -> t
      t -> e if x &lt; 1\n`)
    expect(await losses(xml)).toEqual([])
  })

  it('names what is lost with its place', async () => {
    const lost = drawnXml('<task id="t"/><exclusiveGateway id="g" default="nowhere"/>')
    expect(await losses(lost)).toEqual(['/definitions d/process drawn/exclusiveGateway g/@default: lost "nowhere"'])
  })

  it('says in words that a file is no diagram', async () => {
    expect(await roundTrip('<html/>')).toMatchObject({ ok: false, vi: expect.stringContaining('Không mở được') })
  })
})
