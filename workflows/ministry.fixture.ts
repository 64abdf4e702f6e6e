/** A small ministry on the real servers, for the tests of this room. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Database } from '#db/database.ts'
import { createFileStore, type FileStore } from '#db/file-store.ts'
import { publishFlow } from '#db/flows.ts'
import { createPost, viewerOfPost } from '#db/posts.ts'
import type { Role } from '#db/roles.ts'
import { loadReference } from '#db/reference.ts'
import type { Viewer } from '#db/visibility.ts'
import { openEmptyDatabase } from '#test/fixtures/open-database.ts'
import { until } from '#test/fixtures/until.ts'

export const DOMAIN = 'moit.example'
const people = {
  clerk: ['ministry-clerk', 'VP'],
  chief: ['chief-of-office', 'VP'],
  monitor: ['office-monitor', 'VP'],
  leader: ['deputy-minister', 'LDB'],
  head: ['head', 'TMDT'],
  deputy: ['deputy-head', 'TMDT'],
  unitClerk: ['unit-clerk', 'TMDT'],
  specialist: ['specialist', 'TMDT'],
  otherHead: ['head', 'KHCN'],
} satisfies Record<string, [Role, string]>
export type Somebody = keyof typeof people

export interface Ministry {
  url: string
  db: Database
  files: FileStore
  folder: string
  as: Record<Somebody, Viewer>
  addressOf: (somebody: Somebody) => string
  close(): Promise<void>
}

/** A ministry of its own with the shipped flows published. `language` of everybody but the deputy, who reads English. */
export async function createMinistry(): Promise<Ministry> {
  const { db, url } = await openEmptyDatabase({ max: 12 })
  const folder = await mkdtemp(path.join(tmpdir(), 'imoit-workflows-'))
  await loadReference(db)
  for (const flow of ['incoming-document', 'internal-notice']) await publish(db, `../bpmn/diagrams/${flow}.bpmn`)
  const as = {} as Record<Somebody, Viewer>
  for (const [name, [role, unitCode]] of Object.entries(people) as [Somebody, [Role, string]][]) {
    const [person] = await db.sql<{ id: string }[]>`
      insert into persons (username, password_hash, full_name, sort_name, email, language)
      values (${name}, '-', ${`Người ${name}`}, ${name}, ${`${name.toLowerCase()}@${DOMAIN}`}, ${name === 'deputy' ? 'en' : 'vi'}) returning id`
    const [unit] = await db.sql<{ id: string }[]>`select id from units where code = ${unitCode}`
    const postId = await createPost(db, {
      personId: person?.id ?? '',
      unitId: unit?.id ?? '',
      unitCode,
      role,
      title: role,
      titleEn: role,
      sort: 1,
      validFrom: '2016-01-01',
    })
    const viewer = await viewerOfPost(db, postId)
    if (viewer) as[name] = viewer
  }
  return {
    url,
    db,
    folder,
    files: createFileStore(path.join(folder, 'files')),
    as,
    addressOf: (somebody) => `${somebody.toLowerCase()}@${DOMAIN}`,
    async close() {
      await db.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Publishes a drawing beside this file, or one that is given as text. */
export async function publish(db: Database, drawing: string): Promise<void> {
  const xml = drawing.startsWith('<') ? drawing : await readFile(new URL(drawing, import.meta.url), 'utf8')
  // Nobody here has a key: a sign-off is recorded, not signed.
  await publishFlow(db, { xml: xml.replaceAll(/(name="imoit\.signOff" value=)"\w+"/g, '$1"approve"') })
}

export interface OpenTask {
  id: string
  elementId: string
}

/** The open task of an element, when it has opened. */
export function openTask(db: Database, caseId: string, elementId: string): Promise<OpenTask> {
  return until(`task ${elementId}`, async () => {
    const [task] = await db.sql<OpenTask[]>`
      select id, element_id as "elementId" from tasks where case_id = ${caseId} and element_id = ${elementId} and state = 'open' limit 1`
    return task
  })
}

/** A flow of one user task with the timers given as boundary events, each `[id, duration]`, not interrupting. */
export function timedFlow(id: string, timers: [string, string][], task = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="urn:test">
  <bpmn:process id="${id}" name="${id}" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="work" />
    <bpmn:userTask id="work" name="Việc thử">
      <bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formKey="test.work" />
        <zeebe:assignmentDefinition assignee="=post" />${task}</bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="work" targetRef="done" />
    <bpmn:endEvent id="done"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
${timers
  .map(
    ([timer, duration]) => `    <bpmn:boundaryEvent id="${timer}" cancelActivity="false" attachedToRef="work">
      <bpmn:outgoing>${timer}_end</bpmn:outgoing>
      <bpmn:timerEventDefinition id="${timer}_timer"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${duration}</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="${timer}_end" sourceRef="${timer}" targetRef="${timer}Ended" />
    <bpmn:endEvent id="${timer}Ended"><bpmn:incoming>${timer}_end</bpmn:incoming></bpmn:endEvent>`,
  )
  .join('\n')}
  </bpmn:process>
</bpmn:definitions>`
}
