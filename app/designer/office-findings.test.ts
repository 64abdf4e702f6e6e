import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'
import { officeFindings } from './office-findings.server.ts'

let db: Database

beforeAll(async () => {
  ;({ db } = await openOfficeDatabase())
})
afterAll(() => db.close())

const given = (groups: string) =>
  `<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:t">
    <b:process id="p" isExecutable="true"><b:startEvent id="s"/><b:sequenceFlow id="f" sourceRef="s" targetRef="t"/>
    <b:userTask id="t"><b:extensionElements><zeebe:assignmentDefinition candidateGroups="${groups}"/></b:extensionElements></b:userTask>
    <b:sequenceFlow id="g" sourceRef="t" targetRef="w"/>
    <b:serviceTask id="w"><b:extensionElements><zeebe:taskDefinition type="nobody.answers"/></b:extensionElements></b:serviceTask>
    <b:sequenceFlow id="h" sourceRef="w" targetRef="e"/><b:endEvent id="e"/></b:process></b:definitions>`

describe('what only the office knows against a drawing', () => {
  it('is that nobody can take a task, as the unit was dissolved or never was', async () => {
    const findings = await officeFindings(db, given('unit:NEVER:head'))
    expect(findings).toMatchObject([{ rule: 'not-staffed', elementId: 't', severity: 'warning' }])
  })

  it('is nothing where somebody can; what the page finds by itself is not said twice', async () => {
    expect(await officeFindings(db, given('unit:PC:head'))).toEqual([])
  })

  it('is a form that is not there, or cannot take the signature that is asked for', async () => {
    const asks = (formKey: string, level: string) =>
      given('unit:PC:head').replace(
        '<zeebe:assignment',
        `<zeebe:formDefinition formKey="${formKey}"/><zeebe:properties><zeebe:property name="imoit.signOff" value="${level}"/></zeebe:properties><zeebe:assignment`,
      )
    expect(await officeFindings(db, asks('nothing.here', 'approve'))).toMatchObject([
      { rule: 'form', severity: 'error' },
    ])
    expect(await officeFindings(db, asks('incoming.approve', 'personal'))).toMatchObject([
      { rule: 'sign-off', elementId: 't', severity: 'error' },
    ])
    expect(await officeFindings(db, asks('incoming.signOff', 'personal'))).toEqual([])
    expect(await officeFindings(db, asks('incoming.dispatch', 'organisation'))).toEqual([])
  })

  it('is nothing of what cannot be read', async () => {
    expect(await officeFindings(db, '<html/>')).toEqual([])
  })
})
