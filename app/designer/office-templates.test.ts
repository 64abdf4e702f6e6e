import { beforeAll, describe, expect, it } from 'vitest'
import { parseBpmn } from '#bpmn/parse.ts'
import type { Database } from '#db/database.ts'
import { checkForPublishing, knownServices } from '#db/flow-check.ts'
import { nameAssignees } from '#db/flow-directory.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'
import { taskForms } from '../forms/complete-form.ts'
import type { Language } from '../language.ts'
import { askedUnits, byCategory } from './office-steps.ts'
import { officeTemplates } from './office-templates.ts'

interface Property {
  value?: string
  label?: string
  choices?: { name: string; value: string }[]
  binding: { type: string; property?: string; name?: string }
}
interface Template {
  id: string
  name: string
  description: string
  category?: { id: string; name: string }
  elementType: { value: string }
  properties: Property[]
}

const templates = (language: Language) => officeTemplates(language) as unknown as Template[]
const all = templates('vi')
const valueOf = ({ properties }: Template, type: string, name: string) =>
  properties.find(({ binding }) => binding.type === type && (binding.property ?? binding.name) === name)?.value
const formOf = (template: Template) => valueOf(template, 'zeebe:formDefinition', 'externalReference')
const serviceOf = (template: Template) => valueOf(template, 'zeebe:taskDefinition', 'type')

/** Services that no step of the office is made of. */
const withoutTemplate: Record<string, string> = {
  noop: 'does nothing: it stands in for a service while a flow is drawn or tried',
}

const attribute = (value: string) => value.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** A flow of that one step, as the modeler would write it. */
function flowOf(template: Template): string {
  const bound = (type: string) => template.properties.filter(({ binding }) => binding.type === type)
  const written = (type: string, write: (property: Property) => string) => bound(type).map(write).join('')
  const attributes = (type: string) =>
    written(type, ({ binding, value }) => ` ${binding.property}="${attribute(value ?? '')}"`)
  const given = (element: string, type: string) => (bound(type).length > 0 ? `<${element}${attributes(type)}/>` : '')
  const units = askedUnits[template.id]
  const loop = units
    ? `<b:multiInstanceLoopCharacteristics><b:extensionElements><zeebe:loopCharacteristics inputCollection="${attribute(units.list)}" inputElement="unit" outputCollection="${units.collected}" outputElement="${attribute(units.answer)}"/></b:extensionElements></b:multiInstanceLoopCharacteristics>`
    : ''
  const message = valueOf(template, 'bpmn:Message#property', 'name')
  const kind = template.elementType.value.replace(/^bpmn:(.)/, (_all, first: string) => `b:${first.toLowerCase()}`)
  return `<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:t">
    <b:message id="m" name="${attribute(message ?? 'none')}"><b:extensionElements><zeebe:subscription correlationKey="=documentId"/></b:extensionElements></b:message>
    <b:process id="p" isExecutable="true"><b:extensionElements><zeebe:properties>
      <zeebe:property name="imoit.variables" value="${VARIABLES}"/></zeebe:properties></b:extensionElements>
    <b:startEvent id="s"/><b:sequenceFlow id="f" sourceRef="s" targetRef="t"/>
    <${kind} id="t" name="${attribute(template.name)}"${message === undefined ? '' : ' messageRef="m"'}><b:extensionElements>
      ${bound('zeebe:userTask').length > 0 ? '<zeebe:userTask/>' : ''}${given('zeebe:formDefinition', 'zeebe:formDefinition')}
      ${given('zeebe:assignmentDefinition', 'zeebe:assignmentDefinition')}${given('zeebe:taskDefinition', 'zeebe:taskDefinition')}
      <zeebe:ioMapping>${written('zeebe:input', ({ binding, value }) => `<zeebe:input source="${attribute(value ?? '')}" target="${binding.name}"/>`)}</zeebe:ioMapping>
      <zeebe:properties>${written('zeebe:property', ({ binding, value }) => `<zeebe:property name="${binding.name}" value="${attribute(value ?? '')}"/>`)}</zeebe:properties>
    </b:extensionElements>${loop}</${kind}>
    <b:sequenceFlow id="g" sourceRef="t" targetRef="e"/><b:endEvent id="e"/></b:process></b:definitions>`
}

/** What cases of the office's flows know, beside their document. */
const VARIABLES =
  'documentId, replyDocumentId, leaderPost, authorPost, specialistPost, opinionPost, carryOutPost, unitCode, leadUnit, coordinatingUnits, informationUnits, opinionUnits, recipientUnits, recipientAgencies, deadline, handlingDeadline, opinionDeadline, carryOutDeadline, opinion, synthesis, outcome, opinionText, reason'

describe('the office’s steps', () => {
  it('are there for every form', () => {
    const forms = new Set(all.map(formOf))
    expect([...taskForms.keys()].filter((key) => !forms.has(key))).toEqual([])
  })

  it('are there for every service, or it is said why not', () => {
    const services = new Set(all.map(serviceOf))
    const missing = [...knownServices].filter((type) => !services.has(type))
    expect(missing).toEqual(Object.keys(withoutTemplate))
  })

  it('have names of their own, in both languages', () => {
    for (const language of ['vi', 'en'] as const) {
      const names = templates(language).map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      for (const { description, properties } of templates(language)) {
        const words = [
          description,
          ...properties.flatMap(({ label, choices = [] }) => [label, ...choices.map((one) => one.name)]),
        ]
        for (const word of words) expect(word ?? 'x').toBeTruthy()
        if (language === 'en') expect(words.join()).not.toMatch(/[ăâđêôơưàáảãạ]/i)
      }
    }
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  })

  it('come by what they belong to, those of every day first', () => {
    const groups = byCategory(all)
    expect(groups.map(({ name }) => name)).toEqual([
      null,
      'Văn bản đến',
      'Văn bản đi',
      'Lấy ý kiến',
      'Phiếu trình',
      'Thông báo nội bộ',
      'Kết thúc',
    ])
    expect(groups[0]?.templates.slice(0, 3).map(({ name }) => name)).toEqual(['Vào sổ', 'Trình lãnh đạo', 'Bút phê'])
    expect(groups.flatMap(({ templates: of }) => of)).toHaveLength(all.length)
  })
})

describe('each of the office’s steps', () => {
  let db: Database
  const whoOf = (template: Template) =>
    valueOf(template, 'zeebe:assignmentDefinition', 'assignee') ??
    valueOf(template, 'zeebe:assignmentDefinition', 'candidateGroups')
  beforeAll(async () => {
    ;({ db } = await openOfficeDatabase())
    return () => db.close()
  })

  it.each(all.map((template) => [template.id, template] as const))(
    '%s can be published as it comes',
    async (_id, template) => {
      const parsed = await parseBpmn(flowOf(template))
      if (!parsed.ok) throw new Error(JSON.stringify(parsed))
      const findings = await checkForPublishing(db.sql, parsed.flows, taskForms)
      expect(findings.map(({ severity, en }) => `${severity}: ${en}`)).toEqual([])
    },
  )

  it.each(all.filter(whoOf).map((template) => [template.id, whoOf(template) ?? ''] as const))(
    '%s is said in words to be for %s',
    async (_id, who) => {
      for (const language of ['vi', 'en'] as const)
        for (const { name, gone } of await nameAssignees(db, who, language)) {
          expect(name).not.toMatch(/[=:]/)
          expect(gone).toBe(false)
        }
    },
  )
})
