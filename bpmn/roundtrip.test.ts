import { describe, expect, it } from 'vitest'
import { drawnXml } from './drawn.ts'
import { parseBpmn } from './parse.ts'
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

  it('keeps what the schema writes otherwise than the designer thinks', async () => {
    const formal = (tag: string) => `<${tag} id="${tag}">a</${tag}>`
    const roots = `<signal id="sg" name="s" structureRef="String"/><message id="m"/><resource id="r"><resourceParameter id="rp" type="String"/></resource>
      <correlationProperty id="cp" type="xsd:string"><correlationPropertyRetrievalExpression messageRef="m">${formal('messagePath')}</correlationPropertyRetrievalExpression></correlationProperty>
      <globalScriptTask id="gs" scriptLanguage="application/feel"><script>1 + 1</script></globalScriptTask><endPoint id="ep"/>
      <collaboration id="c"><participant id="p1"><endPointRef>ep</endPointRef></participant><participant id="p2"/><messageFlow id="mf" sourceRef="p1" targetRef="p2"/>
        <conversation id="cv"><messageFlowRef>mf</messageFlowRef></conversation>
        <participantAssociation id="pa"><innerParticipantRef>p1</innerParticipantRef><outerParticipantRef>p2</outerParticipantRef></participantAssociation></collaboration>
      <relationship type="t"><source>x:a</source><target>x:b</target></relationship>`
    const xml = drawnXml(
      `<startEvent id="s"/><task id="t"><performer id="pf"><resourceRef>r</resourceRef><resourceParameterBinding parameterRef="rp">${formal('formalExpression')}</resourceParameterBinding></performer>
      <multiInstanceLoopCharacteristics behavior="Complex"><loopCardinality xsi:type="tFormalExpression">2</loopCardinality>
        <complexBehaviorDefinition>${formal('condition')}<event id="it"><signalEventDefinition signalRef="sg"/></event></complexBehaviorDefinition></multiInstanceLoopCharacteristics></task>
      <correlationSubscription><correlationPropertyBinding correlationPropertyRef="cp">${formal('dataPath')}</correlationPropertyBinding></correlationSubscription>\n s -> t\n`,
      roots,
    )
    expect(await losses(xml)).toEqual([])
    expect(await parseBpmn(xml)).toMatchObject({ ok: true })
  })

  it('keeps references by the prefix of the file itself', async () => {
    const xml = drawnXml(
      `<startEvent id="s"/><receiveTask id="t" messageRef="own:m"/><intermediateCatchEvent id="c"><eventDefinitionRef>own:rd</eventDefinitionRef></intermediateCatchEvent>
      <endEvent id="e"/>\n s -> t\n t -> c\n c -> e\n`,
      '<message id="m" name="news"/><signal id="sg" name="alarm"/><signalEventDefinition id="rd" signalRef=" own:sg "/>',
    ).replace('<definitions', '<definitions xmlns:own="urn:test"')
    expect(await losses(xml)).toEqual([])
    const parsed = await parseBpmn(xml)
    const nodes = parsed.ok ? parsed.flows[0]?.nodes : {}
    expect(nodes).toMatchObject({ t: { event: { name: 'news' } }, c: { event: { type: 'signal', name: 'alarm' } } })
    expect(await parseBpmn(xml.replace('own:m"', 'other:m"'))).toMatchObject({ ok: false })
  })

  it('names what is lost with its place', async () => {
    const lost = drawnXml('<task id="t"/><exclusiveGateway id="g" default="nowhere"/>')
    expect(await losses(lost)).toEqual(['/definitions d/process drawn/exclusiveGateway g/@default: lost "nowhere"'])
  })

  it('says in words that a file is no diagram', async () => {
    expect(await roundTrip('<html/>')).toMatchObject({ ok: false, vi: expect.stringContaining('Không mở được') })
  })
})
