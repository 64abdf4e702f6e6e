import { beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../flow.ts'
import { HOUR } from '../drawn.ts'
import { PlayedCase, shippedFlow } from './played-case.ts'

/** Monday 8:00 in Hà Nội. */
const MONDAY = Date.parse('2025-03-10T08:00:00+07:00')
const DEADLINE = '2025-03-20T10:00:00.000Z'
const LEADER = 'post:11111111-1111-4111-8111-111111111111'
const SPECIALIST = 'post:22222222-2222-4222-8222-222222222222'

describe('incoming-document', () => {
  let flow: Flow
  beforeAll(async () => {
    flow = await shippedFlow('incoming-document')
  })

  type Refuse = ConstructorParameters<typeof PlayedCase>[3]
  const arrive = (refuse?: Refuse) =>
    new PlayedCase(
      flow,
      { documentId: 'doc-1', source: 'exchange', urgency: 1, subject: 'DVC', code: '7816/VPCP', agency: 'G22' },
      MONDAY,
      refuse,
    )
  function submitted(refuse?: Refuse) {
    const played = arrive(refuse)
    played.complete('register', 'registered')
    played.complete('submit', 'submitted', { leaderPost: LEADER, proposal: 'Giao TMĐT' })
    return played
  }
  const direction = (coordinatingUnits: string[]) => ({
    leadUnit: 'TMDT',
    coordinatingUnits,
    informationUnits: ['KH'],
    deadline: DEADLINE,
    opinion: 'Chủ trì báo cáo',
  })
  function directed(coordinatingUnits: string[] = ['PC', 'VP'], refuse?: Refuse) {
    const played = submitted(refuse)
    played.complete('direct', 'directed', direction(coordinatingUnits))
    return played
  }
  const assignment = { specialistPost: SPECIALIST, handlingDeadline: '2025-03-18T10:00:00.000Z' }
  const draft = { draftDocumentId: 'reply-1', draftVersion: 1 }
  function drafted(refuse?: Refuse) {
    const played = directed([], refuse)
    played.complete('assign', 'assigned', assignment)
    played.complete('handle', 'submitted', draft)
    return played
  }
  const statuses = (played: PlayedCase) => played.called('exchange.reportStatus').map((input) => input['status'])
  function expectEnd(played: PlayedCase) {
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  }

  it('goes from arrival to the dispatched reply', () => {
    const played = arrive()
    expect(played.task('register')).toMatchObject({
      formKey: 'incoming.register',
      candidateGroups: ['role:ministry-clerk'],
      dueAt: MONDAY + 4 * HOUR,
      properties: { 'imoit.ask.vi': 'Vào sổ', 'imoit.ask.en': 'Register' },
    })
    played.complete('register', 'registered')
    expect(played.task('submit').candidateGroups).toEqual(['role:chief-of-office'])
    played.complete('submit', 'submitted', { leaderPost: LEADER, proposal: 'Giao TMĐT' })
    expect(played.task('direct')).toMatchObject({ assignee: LEADER, candidateGroups: [] })
    played.complete('direct', 'directed', direction(['PC', 'VP']))
    expect(played.called('document.inform')).toEqual([{ documentId: 'doc-1', ...direction(['PC', 'VP']) }])

    expect(played.waiting).toEqual(['assign', 'coordinate', 'coordinate'])
    expect(played.task('assign')).toMatchObject({
      candidateGroups: ['unit:TMDT:head'],
      properties: { 'imoit.part': 'lead' },
      scope: ['settle'],
    })
    const asked = played.task('coordinate', 'unit:PC:head')
    expect(asked).toMatchObject({ dueAt: Date.parse(DEADLINE), properties: { 'imoit.part': 'coordinate' } })
    expect(asked.input).toMatchObject({ unit: 'PC' })

    played.complete('assign', 'assigned', assignment)
    expect(played.task('handle')).toMatchObject({ assignee: SPECIALIST, dueAt: Date.parse('2025-03-18T10:00:00Z') })
    played.complete('coordinate', 'given', { opinionText: 'Đồng ý' }, 'unit:PC:head')
    played.complete('coordinate', 'assigned', { opinionPost: 'post:3' }, 'unit:VP:head')
    expect(played.task('giveOpinion').assignee).toBe('post:3')
    played.complete('handle', 'submitted', draft)
    expect(played.waiting).toEqual(['giveOpinion'])
    played.complete('giveOpinion', 'given', { opinionText: 'Bổ sung số liệu' })

    expect(played.task('approve').candidateGroups).toEqual(['unit:TMDT:head'])
    expect(played.state.variables['opinions']).toEqual([
      { unit: 'PC', outcome: 'given', opinionText: 'Đồng ý', reason: null },
      { unit: 'VP', outcome: 'given', opinionText: 'Bổ sung số liệu', reason: null },
    ])
    played.complete('approve', 'approved', { approvedVersion: 1, approvedSha256: 'aa' })
    expect(played.task('signOff')).toMatchObject({ assignee: LEADER, properties: { 'imoit.signOff': 'personal' } })
    played.complete('signOff', 'signed', { signedSha256: 'aa' })
    const dispatched = { replyDocumentId: 'reply-1', recipientUnits: ['TMDT', 'PC'], recipientAgencies: ['G22'] }
    played.complete('dispatch', 'dispatched', dispatched)

    expect(played.called('exchange.send')).toEqual([
      { documentId: 'reply-1', inReplyTo: 'doc-1', recipientAgencies: ['G22'] },
    ])
    expect(played.called('letter.dispatch')).toEqual([
      { documentId: 'reply-1', inReplyTo: 'doc-1', recipientUnits: ['TMDT', 'PC'] },
    ])
    expect(played.called('document.close')).toEqual([{ documentId: 'doc-1', replyDocumentId: 'reply-1' }])
    expect(statuses(played)).toEqual(['01', '03', '04', '05', '06'])
    expectEnd(played)
  })

  it('tells the sender why it was refused', () => {
    const played = arrive()
    played.complete('register', 'refused', { reason: 'Gửi nhầm nơi nhận' })
    expect(played.called('exchange.reportStatus').at(-1)).toEqual({
      documentId: 'doc-1',
      status: '02',
      description: 'Gửi nhầm nơi nhận',
    })
    expectEnd(played)
  })

  it('comes back to the Office when the leader returns it, and when the Office takes it back', () => {
    const played = submitted()
    played.complete('direct', 'returned', { reason: 'Chưa đủ hồ sơ' })
    expect(played.waiting).toEqual(['submit'])
    expect(played.state.variables['reason']).toBe('Chưa đủ hồ sơ')

    played.complete('submit', 'submitted', { leaderPost: LEADER })
    expect([...played.catchers.values()]).toMatchObject([
      { elementId: 'takeBackSubmission', messageName: 'imoit.takeBack', correlationKey: 'doc-1', attachedTo: 'direct' },
    ])
    played.takeBack('direct')
    expect(played.waiting).toEqual(['submit'])
    expect(played.catchers.size).toBe(0)
  })

  it('ends with status 06 when the leader keeps it for information', () => {
    const played = submitted()
    played.complete('direct', 'filed')
    expect(statuses(played)).toEqual(['01', '03', '06'])
    expect(played.called('document.inform')).toEqual([])
    expect(played.called('document.close')).toHaveLength(1)
    expectEnd(played)
  })

  it('goes back to the leader with the reason when the lead unit is not concerned', () => {
    const played = directed()
    played.complete('assign', 'returned', { reason: 'Không thuộc chức năng của Cục' })
    expect(played.waiting).toEqual(['direct'])
    expect(played.state.variables['reason']).toBe('Không thuộc chức năng của Cục')
    expect([...played.timers.values()].every((timer) => timer.elementId === 'direct')).toBe(true)
  })

  it('lets the leader take back the direction, with everything below it', () => {
    const played = directed()
    played.takeBack('settle')
    expect(played.waiting).toEqual(['direct'])
    played.complete('direct', 'directed', { ...direction([]), leadUnit: 'KH' })
    expect(played.task('assign').candidateGroups).toEqual(['unit:KH:head'])
  })

  it('lets the head take back the assignment and leaves the opinions alone', () => {
    const played = directed(['PC'])
    played.complete('assign', 'assigned', assignment)
    played.takeBack('handle')
    expect(played.waiting).toEqual(['assign', 'coordinate'])
    played.complete('assign', 'assigned', { ...assignment, specialistPost: 'post:4' })
    expect(played.task('handle').assignee).toBe('post:4')
  })

  it('needs no signature where no reply is needed', () => {
    const played = directed([])
    played.complete('assign', 'assigned', assignment)
    played.complete('handle', 'noReply', { result: 'Đã cập nhật báo cáo' })
    played.complete('approve', 'approved')
    expect(statuses(played)).toEqual(['01', '03', '04', '05', '06'])
    expect(played.state.variables['opinions']).toEqual([])
    expectEnd(played)
  })

  it('forgets the draft of a direction that was taken back', () => {
    const played = directed(['PC'])
    played.complete('assign', 'assigned', assignment)
    played.complete('handle', 'submitted', draft)
    played.takeBack('settle')
    played.complete('direct', 'directed', direction([]))
    played.complete('assign', 'assigned', assignment)
    played.complete('handle', 'noReply', { result: 'Không cần trả lời' })
    played.complete('approve', 'approved')
    expectEnd(played)
  })

  it('is revised as often as head and leader return it', () => {
    const played = drafted()
    played.complete('approve', 'returned', { reason: 'Sửa căn cứ' })
    expect(played.task('revise')).toMatchObject({ assignee: SPECIALIST, formKey: 'incoming.handle' })
    played.complete('revise', 'submitted', { draftDocumentId: 'reply-1', draftVersion: 2 })
    played.complete('approve', 'approved', { approvedVersion: 2, approvedSha256: 'bb' })
    played.complete('signOff', 'returned', { reason: 'Thêm số liệu' })
    expect(played.waiting).toEqual(['revise'])
    played.complete('revise', 'submitted', { draftDocumentId: 'reply-1', draftVersion: 3 })
    expect(played.state.variables['draftVersion']).toBe(3)
    played.complete('approve', 'approved', { approvedVersion: 3, approvedSha256: 'cc' })
    played.complete('signOff', 'signed', { signedSha256: 'cc' })
    expect(played.waiting).toEqual(['dispatch'])
  })

  it('drops the draft when the revision finds that no reply is needed', () => {
    const played = drafted()
    played.complete('approve', 'returned', { reason: 'Đã trả lời qua điện thoại' })
    played.complete('revise', 'noReply', { result: 'Không cần trả lời' })
    played.complete('approve', 'approved')
    expect(statuses(played).at(-1)).toBe('06')
    expectEnd(played)
  })

  it('chases at the deadline, ends the opinions without an answer and lets the lead unit go on', () => {
    const played = directed(['PC', 'VP', 'KH'])
    played.complete('assign', 'assigned', assignment)
    played.complete('coordinate', 'notConcerned', { reason: 'Không liên quan' }, 'unit:KH:head')
    played.complete('coordinate', 'assigned', { opinionPost: 'post:3' }, 'unit:VP:head')
    expect(played.state.variables['reason'] ?? null).toBeNull()
    played.passTo(Date.parse(DEADLINE) + HOUR)

    expect(played.called('letter.chase')).toEqual([
      { documentId: 'doc-1', to: 'role:office-monitor', about: 'deadline-passed' },
    ])
    expect(played.notices).toEqual(expect.arrayContaining(['handle reminder', 'handle overdue']))
    expect(played.waiting).toEqual(['handle'])
    played.complete('handle', 'submitted', draft)
    expect(played.waiting).toEqual(['approve'])
    expect(played.state.variables['opinions']).toEqual([
      { unit: 'PC', outcome: null, opinionText: null, reason: null },
      { unit: 'VP', outcome: 'assigned', opinionText: null, reason: null },
      { unit: 'KH', outcome: 'notConcerned', opinionText: null, reason: 'Không liên quan' },
    ])
  })

  it('sends nothing over the exchange where no agency is a recipient', () => {
    const played = drafted()
    played.complete('approve', 'approved')
    played.complete('signOff', 'signed')
    const dispatched = { replyDocumentId: 'reply-1', recipientUnits: ['TMDT'], recipientAgencies: [] }
    played.complete('dispatch', 'dispatched', dispatched)
    expect(played.called('exchange.send')).toEqual([])
    expectEnd(played)
  })

  it('waits as an incident when the gateway refuses the reply, and goes on when it is sent again', () => {
    let refused = true
    const played = drafted((call) => (call.serviceType === 'exchange.send' && refused ? 'exchange-refused' : null))
    played.complete('approve', 'approved')
    played.complete('signOff', 'signed')
    const dispatched = { replyDocumentId: 'reply-1', recipientUnits: [], recipientAgencies: ['G22'] }
    played.complete('dispatch', 'dispatched', dispatched)
    const [incident] = played.incidents.values()
    expect(incident).toMatchObject({ elementId: 'sendExchange', code: 'exchange-refused' })
    expect(played.ended).toBeNull()

    refused = false
    played.step({ type: 'incidentRetried', incidentId: incident?.incidentId ?? '' })
    expect(statuses(played).at(-1)).toBe('06')
    expectEnd(played)
  })
})
